using Harness.Datasets.Fisbe;
using Suites.Fisbe.Segmentation;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Learning;

/// <summary>An image with its neurons: what a family learns from.</summary>
sealed class Specimen
{
    /// <summary>A voxel holds one bit for each neuron.</summary>
    public const int MostNeurons = 64;

    /// <exception cref="TrainingFailedException">More neurons than <see cref="MostNeurons"/>.</exception>
    public Specimen(Image image, IReadOnlyList<Mask> neurons)
    {
        if (neurons.Count > MostNeurons)
            throw new TrainingFailedException(
                $"A training volume holds {neurons.Count} neurons; families here learn from at most {MostNeurons}.");
        (Image, Neurons, Owners) = (image, neurons, new ulong[image.Voxels]);
        for (var index = 0; index < neurons.Count; index++)
            foreach (var voxel in neurons[index].Voxels()) Owners[voxel] |= 1UL << index;
        Covered = [.. Enumerable.Range(0, Owners.Length).Where(voxel => Owners[voxel] != 0)];
        Shared = [.. Covered.Where(voxel => ulong.PopCount(Owners[voxel]) > 1)];
    }

    public static Specimen Of(NeuronVolume volume) =>
        new(Image.Of(volume), [.. Truth.Of(volume).Instances.Select(instance => instance.Mask)]);

    public Image Image { get; }
    public IReadOnlyList<Mask> Neurons { get; }

    /// <summary>Bit i of a voxel: neuron i covers it.</summary>
    public ulong[] Owners { get; }

    /// <summary>The voxels of any neuron.</summary>
    public int[] Covered { get; }

    /// <summary>The voxels of several neurons.</summary>
    public int[] Shared { get; }
}
