namespace Suites.SpikingTransformers.Networks;

/// <summary>A network that is held in fewer bits than its tensors have.</summary>
interface INarrow
{
    Footprint Footprint { get; }
}
