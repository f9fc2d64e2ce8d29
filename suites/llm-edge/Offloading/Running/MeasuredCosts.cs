using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Offloading.Neurons;
using Suites.LlmEdge.Offloading.Storage;

namespace Suites.LlmEdge.Offloading.Running;

/// <summary>Times products of this model's own rows on one thread, in order and picked out; the best of some rounds.</summary>
static unsafe class MeasuredCosts
{
    const int Rounds = 5;
    const int Stride = 37;  // no divisor of a usual number of neurons: visits all of them, none beside the one before

    public static ComputeCosts Of(NeuronStore store, TimeProvider time)
    {
        var x = new float[store.Width];
        Array.Fill(x, 0.5f);
        var bytes = (double)store.Layers * store.Hidden * store.BundleBytes;
        return new(bytes / Best(1), bytes / Best(store.Hidden % Stride == 0 ? 1 : Stride));

        double Best(int stride) => Enumerable.Range(0, Rounds).Min(_ => Seconds(stride));

        double Seconds(int stride)
        {
            var (start, sum) = (time.GetTimestamp(), 0f);
            for (var layer = 0; layer < store.Layers; layer++)
                for (int i = 0, neuron = 0; i < store.Hidden; i++, neuron = (neuron + stride) % store.Hidden)
                    for (var row = 0; row < 3; row++) sum += Vectors.Dot(new(store.Bundle(layer, neuron) + row * x.Length, x.Length), x);
            GC.KeepAlive(sum);
            return Math.Max(1e-9, time.GetElapsedTime(start).TotalSeconds);
        }
    }
}
