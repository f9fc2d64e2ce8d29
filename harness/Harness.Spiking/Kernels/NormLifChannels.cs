namespace Harness.Spiking.Kernels;

/// <summary>Numbers of every channel of a <see cref="NormLifKernel"/>.</summary>
/// <param name="Scale">gamma / sqrt(variance + epsilon).</param>
/// <param name="Shift">beta - mean scale.</param>
/// <param name="Offset">Mean of dL/dX where the statistics are of this batch, else 0.</param>
/// <param name="Tilt">Mean of dL/dX (y - mean) / (variance + epsilon) where the statistics are of this batch, else 0.</param>
sealed record NormLifChannels(float[] Scale, float[] Shift, float[] Mean, float[] Offset, float[] Tilt)
{
    public static NormLifChannels Of(int channels) =>
        new(new float[channels], new float[channels], new float[channels], new float[channels], new float[channels]);
}
