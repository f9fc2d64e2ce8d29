using Suites.LlmEdge.Kernels;

namespace Suites.LlmEdge.Offloading.Neurons;

/// <summary>The oracle: computes every gate and selects those that are open. Saves nothing; predictors are measured against it.</summary>
sealed unsafe class OpenGates(NeuronStore store) : INeuronSelector
{
    public int Select(int layer, ReadOnlySpan<float> x, Span<int> selected)
    {
        var count = 0;
        for (var neuron = 0; neuron < store.Hidden; neuron++)
            if (Vectors.Dot(new(store.Bundle(layer, neuron), store.Width), x) > 0) selected[count++] = neuron;
        return count;
    }
}

/// <summary>Selects every neuron.</summary>
sealed class AllNeurons(int hidden) : INeuronSelector
{
    public int Select(int layer, ReadOnlySpan<float> x, Span<int> selected)
    {
        for (var neuron = 0; neuron < hidden; neuron++) selected[neuron] = neuron;
        return hidden;
    }
}
