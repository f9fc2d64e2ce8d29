namespace Suites.SpikingTransformers.Networks.Axes;

/// <summary>Where the code of the STEP platform departs from the paper; docs/spiking-transformers.md lists each difference.</summary>
public enum ModelVariant
{
    Published,
    StepAsCoded,
}
