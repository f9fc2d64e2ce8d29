using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Harness.Spiking.Neurons;
using Harness.Torch;

namespace Harness.Spiking.Kernels;

/// <summary>Arrays of one call are [steps, samples, neurons]; neurons are a multiple of 32.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct ResonatorShape(int Steps, int Samples, int Neurons)
{
    public const int Multiple = 32;

    /// <summary>Samples that are worked on together: what a tile of the dense product has.</summary>
    public const int Together = 6;

    public long Place(long step, long sample) => (step * Samples + sample) * Neurons;
}

/// <param name="Memory">Share of the refractory trace q that is left a step later; a spike adds 1.</param>
/// <param name="Fatigue">Loss per step that a trace of 1 causes.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct ResonatorRules(float Threshold, float Memory, float Fatigue);

/// <summary>What the neurons are and how they are joined, in memory.</summary>
/// <param name="weights">[from, to].</param>
/// <param name="turns">Angle per step.</param>
/// <param name="growths">Relative growth per step at rest, below zero.</param>
[StructLayout(LayoutKind.Auto)]
readonly unsafe struct ResonatorNeurons(float* weights, float* turns, float* growths, ResonatorRules rules)
{
    public readonly float* Weights = weights, Turns = turns, Growths = growths;
    public readonly ResonatorRules Rules = rules;
}

/// <summary>What the forward pass leaves for the backward pass: both parts of the state, and the refractory trace.</summary>
[StructLayout(LayoutKind.Auto)]
readonly unsafe struct ResonatorTrace(float* real, float* imaginary, float* refractory)
{
    public readonly float* Real = real, Imaginary = imaginary, Refractory = refractory;
}

/// <summary>
/// Recurrent resonators over all steps of some samples at once. Forward a row of weights is added for every spike; backward the product
/// with all weights is a dense one of six samples. A graph of the same equations has thousands of small nodes.
/// </summary>
static unsafe class ResonatorKernel
{
    /// <param name="input">Currents from outside.</param>
    /// <param name="spikes">Receives 0 and 1.</param>
    public static void Forward(float* input, ResonatorNeurons neurons, float* spikes, ResonatorTrace trace, ResonatorShape shape) =>
        Forward(input, neurons, spikes, trace, shape, VectorWidth.Widest);

    internal static void Forward(float* input, ResonatorNeurons neurons, float* spikes, ResonatorTrace trace, ResonatorShape shape,
        int width) => KernelTeam.For(shape.Samples, (first, end) =>
        {
            for (var sample = first; sample < end; sample++)
                switch (width)
                {
                    case 512: Forward<Lanes512>(input, neurons, spikes, trace, sample, shape); break;
                    case 256: Forward<Lanes256>(input, neurons, spikes, trace, sample, shape); break;
                    default: Forward<Lanes1>(input, neurons, spikes, trace, sample, shape); break;
                }
        });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Forward<TLanes>(float* input, ResonatorNeurons neurons, float* spikes, ResonatorTrace trace, long sample,
        ResonatorShape shape) where TLanes : struct, ILanes<TLanes>
    {
        var size = shape.Neurons;
        var current = KernelScratch.Floats(2L * size);
        var (fired, count) = ((nint)(current + size), 0);
        var (threshold, memory, one, zero) = (TLanes.Fill(neurons.Rules.Threshold), TLanes.Fill(neurons.Rules.Memory), TLanes.Fill(1),
            TLanes.Fill(0));
        var fatigue = TLanes.Fill(neurons.Rules.Fatigue);
        for (var step = 0; step < shape.Steps; step++)
        {
            var (place, before) = (shape.Place(step, sample), shape.Place(step - 1, sample));
            Currents<TLanes>(input + place, neurons.Weights, current, (int*)fired, count, size);
            count = 0;
            for (var at = 0; at < size; at += TLanes.Width)
            {
                var (real, imaginary, refractory) = step == 0 ? (zero, zero, zero) : (TLanes.Load(trace.Real + before + at),
                    TLanes.Load(trace.Imaginary + before + at), TLanes.Load(trace.Refractory + before + at));
                var (turn, growth) = (TLanes.Load(neurons.Turns + at), TLanes.Load(neurons.Growths + at)
                    - fatigue * refractory);
                var nextReal = real + growth * real - turn * imaginary + TLanes.Load(current + at);
                var nextImaginary = imaginary + turn * real + growth * imaginary;
                var spike = TLanes.WhereAtLeast(nextReal - threshold - refractory, zero, one, zero);
                TLanes.Store(nextReal, trace.Real + place + at);
                TLanes.Store(nextImaginary, trace.Imaginary + place + at);
                TLanes.Store(memory * refractory + spike, trace.Refractory + place + at);
                TLanes.Store(spike, spikes + place + at);
                count = Note(TLanes.Differing(spike, zero), at, (int*)fired, count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Currents<TLanes>(float* input, float* weights, float* current, int* fired, int count, int size)
        where TLanes : struct, ILanes<TLanes>
    {
        for (var at = 0; at < size; at += TLanes.Width)
        {
            var sum = TLanes.Load(input + at);
            for (var index = 0; index < count; index++) sum += TLanes.Load(weights + (long)fired[index] * size + at);
            TLanes.Store(sum, current + at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Note(ulong bits, int first, int* fired, int count)
    {
        for (; bits != 0; bits &= bits - 1) fired[count++] = first + BitOperations.TrailingZeroCount(bits);
        return count;
    }

    /// <param name="spikeGradient">dL/dS.</param>
    /// <param name="inputGradient">Receives dL/dX.</param>
    /// <param name="gradients">Receives the gradients of weights, turns and growths, one after the other.</param>
    public static void Backward(float* spikeGradient, ResonatorNeurons neurons, float* spikes, ResonatorTrace trace, float* inputGradient,
        float[] gradients, ResonatorShape shape, LifParameters rules) =>
        SurrogateSlopes.Run(rules.Surrogate, new BackwardKernel(spikeGradient, neurons, spikes, trace, inputGradient, gradients, shape,
            rules, VectorWidth.Widest));

    internal static void Backward(float* spikeGradient, ResonatorNeurons neurons, float* spikes, ResonatorTrace trace,
        float* inputGradient, float[] gradients, ResonatorShape shape, LifParameters rules, int width) =>
        SurrogateSlopes.Run(rules.Surrogate, new BackwardKernel(spikeGradient, neurons, spikes, trace, inputGradient, gradients, shape,
            rules, width));

    [StructLayout(LayoutKind.Auto)]
    readonly struct BackwardKernel(float* spikeGradient, ResonatorNeurons neurons, float* spikes, ResonatorTrace trace,
        float* inputGradient, float[] gradients, ResonatorShape shape, LifParameters rules, int width) : ISlopeKernel
    {
        readonly float* spikeGradient = spikeGradient, spikes = spikes, inputGradient = inputGradient;
        readonly ResonatorNeurons neurons = neurons;
        readonly ResonatorTrace trace = trace;

        public void Run<TSlope>() where TSlope : ISurrogateSlope
        {
            switch (width)
            {
                case 512: Run<Lanes512, TSlope>(); break;
                case 256: Run<Lanes256, TSlope>(); break;
                default: Run<Lanes1, TSlope>(); break;
            }
        }

        // Every tile adds to sums of its own, in their order: no number of threads decides a bit.
        void Run<TLanes, TSlope>() where TLanes : struct, ILanes<TLanes> where TSlope : ISurrogateSlope
        {
            var (size, tiles) = (shape.Neurons, (shape.Samples + ResonatorShape.Together - 1) / ResonatorShape.Together);
            var sums = new float[tiles][];
            var part = new ResonatorBackward<TLanes, TSlope>(spikeGradient, neurons, spikes, trace, inputGradient, shape, rules.Slope);
            KernelTeam.For(tiles, (first, end) =>
            {
                for (var tile = first; tile < end; tile++)
                    part.Tile((int)tile * ResonatorShape.Together, sums[tile] = new float[(size + 2) * size]);
            });
            foreach (var sum in sums)
                for (var at = 0; at < sum.Length; at++) gradients[at] += sum[at];
        }
    }
}
