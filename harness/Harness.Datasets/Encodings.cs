namespace Harness.Datasets;

/// <summary>Axes and units that several cards share.</summary>
static class Encodings
{
    public const string Cochlea =
        "events [event], each: time in µs, address 0..699 = place on the basilar membrane (0 = highest frequency), no polarity";

}
