namespace Suites.SpikingTransformers.Families;

/// <summary>The network whose tokens <see cref="Cml"/> makes.</summary>
public enum CmlBase
{
    Spikingformer,
    Spikformer,
}
