using System.Runtime.InteropServices;

namespace Harness.Spiking.Kernels;

/// <summary>
/// Values are [steps, samples, features]; with <paramref name="Constant"/> they have one step, used at all. A channel is a run of
/// <paramref name="Run"/> features: the pixels of a convolution's channel, or one feature of a linear layer.
/// </summary>
readonly record struct NormLifShape(int Steps, int Samples, int Features, int Run, bool Constant)
{
    // The constants and sums of a block stay in the first-level cache; float32 sums of a block keep six digits.
    const int BlockFeatures = 2048, BlockSamples = 128;

    public int Channels => Features / Run;
    public int ValueSteps => Constant ? 1 : Steps;
    /// <summary>Values of one step.</summary>
    public long Step => (long)Samples * Features;
    public double PerChannel => (double)ValueSteps * Samples * Run;

    int FeatureBlocks => (Features + BlockFeatures - 1) / BlockFeatures;

    /// <summary>Into how many blocks the work falls, whatever the number of threads.</summary>
    public int Blocks => (Samples + BlockSamples - 1) / BlockSamples * FeatureBlocks;

    public NormLifBlock Block(int index)
    {
        var (sample, feature) = (index / FeatureBlocks * BlockSamples, index % FeatureBlocks * BlockFeatures);
        return new(sample, Math.Min(Samples, sample + BlockSamples), feature, Math.Min(BlockFeatures, Features - feature));
    }
}

/// <summary>All steps of some samples and some features.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct NormLifBlock(int FirstSample, int EndSample, int FirstFeature, int Features)
{
    /// <summary>
    /// From one number per feature to the next: no multiple of 4 KiB, at which distance processors take a load for one of a store.
    /// </summary>
    public int Row => Features + 80;
}
