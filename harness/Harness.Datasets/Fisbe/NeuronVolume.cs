namespace Harness.Datasets.Fisbe;

/// <summary>A light-microscopy image of neurons, and where each neuron is.</summary>
/// <param name="Raw">Intensities 0..4095, axes [channel, z, y, x], voxels of 0.44 µm.</param>
/// <param name="Instances">
/// Neurons, axes [layer, z, y, x]: 0 is background, another value the id of a neuron; neurons that overlap lie in different layers. Null
/// when
/// withheld.
/// </param>
/// <param name="Complete">Whether every neuron is labelled; else background may hold neurons.</param>
/// <param name="Dim">Ids of neurons that are hardly brighter than the background.</param>
public sealed record NeuronVolume(string Name, IVolume<ushort> Raw, IVolume<ushort>? Instances, bool Complete, IReadOnlyList<int> Dim)
    : IDisposable
{
    public void Dispose()
    {
        Raw.Dispose();
        Instances?.Dispose();
    }
}

/// <summary>A predicted segmentation, axes [z, y, x], read in boxes: 0 is background, another value the id of an instance.</summary>
public sealed record InstancePrediction(string Name, IVolume<int> Instances);
