using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Harness.Spiking.Kernels;

/// <summary>The backward pass of <see cref="ResonatorKernel"/> through all steps of up to six samples.</summary>
[StructLayout(LayoutKind.Auto)]
readonly unsafe struct ResonatorBackward<TLanes, TSlope>(float* spikeGradient, ResonatorNeurons neurons, float* spikes,
    ResonatorTrace trace, float* inputGradient, ResonatorShape shape, float slope)
    where TLanes : struct, ILanes<TLanes> where TSlope : ISurrogateSlope
{
    readonly float* spikeGradient = spikeGradient, spikes = spikes, inputGradient = inputGradient;
    readonly ResonatorNeurons neurons = neurons;
    readonly ResonatorTrace trace = trace;

    /// <param name="sums">Takes the gradients of weights, turns and growths.</param>
    public void Tile(int firstSample, float[] sums)
    {
        var (size, rows) = (shape.Neurons, Math.Min(ResonatorShape.Together, shape.Samples - firstSample));
        var tile = (long)ResonatorShape.Together * size;
        var scratch = KernelScratch.Floats((long)size * size + 5 * tile);
        float* packed = scratch, real = packed + (long)size * size;
        float* imaginary = real + tile, refractory = imaginary + tile, current = refractory + tile, fired = current + tile;
        DenseProduct.PackPanels<TLanes>(MatrixView.OfRows(neurons.Weights, size).Transposed, packed, size, size);
        new Span<float>(real, (int)(4 * tile)).Clear();
        fixed (float* gradients = sums)
            for (var step = shape.Steps - 1; step >= 0; step--)
            {
                new Span<float>(fired, (int)tile).Clear();
                for (var row = 0; row < rows; row++)
                    new ReadOnlySpan<float>(spikeGradient + shape.Place(step, firstSample + row), size)
                        .CopyTo(new(fired + row * size, size));
                // What a spike of this step did to the currents of the next.
                if (step + 1 < shape.Steps) DenseProduct.AddSixRows<TLanes>(current, packed, fired, size, size);
                for (var row = 0; row < rows; row++)
                {
                    var at = (long)row * size;
                    Step(step, firstSample + row, real + at, imaginary + at, refractory + at, fired + at, current + at,
                        gradients + (long)size * size);
                    if (step > 0) Weights(spikes + shape.Place(step - 1, firstSample + row), current + at, gradients);
                }
            }
    }

    // From dL/d(state after the step) to dL/d(state before it).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Step(int step, int sample, float* real, float* imaginary, float* refractory, float* fired, float* current, float* constants)
    {
        var (size, place, before) = (shape.Neurons, shape.Place(step, sample), shape.Place(step - 1, sample));
        var (threshold, memory, one, zero) = (TLanes.Fill(neurons.Rules.Threshold), TLanes.Fill(neurons.Rules.Memory), TLanes.Fill(1),
            TLanes.Fill(0));
        var fatigue = TLanes.Fill(neurons.Rules.Fatigue);
        for (var at = 0; at < size; at += TLanes.Width)
        {
            var (x, y, q) = step == 0 ? (zero, zero, zero) : (TLanes.Load(trace.Real + before + at),
                TLanes.Load(trace.Imaginary + before + at), TLanes.Load(trace.Refractory + before + at));
            var (turn, growth) = (TLanes.Load(neurons.Turns + at), TLanes.Load(neurons.Growths + at) - fatigue * q);
            var (dReal, dImaginary, dRefractory) = (TLanes.Load(real + at), TLanes.Load(imaginary + at), TLanes.Load(refractory + at));
            var potential = TLanes.Load(trace.Real + place + at) - threshold - q;
            var dPotential = (TLanes.Load(fired + at) + dRefractory) * TSlope.At(potential, TLanes.Fill(slope));
            dReal += dPotential;
            var dGrowth = dReal * x + dImaginary * y;
            TLanes.Store(TLanes.Load(constants + at) + dImaginary * x - dReal * y, constants + at);
            TLanes.Store(TLanes.Load(constants + size + at) + dGrowth, constants + size + at);
            TLanes.Store(dReal, current + at);
            TLanes.Store(dReal, inputGradient + place + at);
            TLanes.Store(dReal * (one + growth) + dImaginary * turn, real + at);
            TLanes.Store(dImaginary * (one + growth) - dReal * turn, imaginary + at);
            TLanes.Store(memory * dRefractory - dPotential - fatigue * dGrowth, refractory + at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Weights(float* before, float* current, float* gradients)
    {
        var (size, zero) = (shape.Neurons, TLanes.Fill(0));
        for (var first = 0; first < size; first += TLanes.Width)
            for (var bits = TLanes.Differing(TLanes.Load(before + first), zero); bits != 0; bits &= bits - 1)
            {
                var row = gradients + (long)(first + BitOperations.TrailingZeroCount(bits)) * size;
                for (var at = 0; at < size; at += TLanes.Width)
                    TLanes.Store(TLanes.Load(row + at) + TLanes.Load(current + at), row + at);
            }
    }
}
