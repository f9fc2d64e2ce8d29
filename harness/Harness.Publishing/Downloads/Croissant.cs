namespace Harness.Publishing.Downloads;

static class Croissant
{
    public static void Write(DatasetCard card, TextWriter writer) => writer.Write(CanonicalJson.Write(card));
}
