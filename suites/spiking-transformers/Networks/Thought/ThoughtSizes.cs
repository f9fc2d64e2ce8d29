namespace Suites.SpikingTransformers.Networks.Thought;

/// <summary>A network that looks at a sequence of bits as often as it likes before it answers.</summary>
/// <param name="Width">Of the features of a position, and of what is attended to.</param>
/// <param name="Ticks">Of the inner clock, which has nothing to do with the sequence.</param>
sealed record ThoughtSizes(int Length, int Width, int Heads, int Ticks)
{
    public ThoughtSizes Checked() => Width % Heads == 0 ? this
        : throw new UnsupportedException($"{Heads} heads cannot share a width of {Width}; choose a width that they divide.");
}

/// <param name="Memory">Ticks of its past that a neuron sees.</param>
/// <param name="Hidden">Units of a neuron's own network.</param>
/// <param name="Pairs">Pairs of neurons whose synchronisation asks, and as many others that answer.</param>
sealed record NeuronSizes(int Neurons, int Memory, int Hidden, int Pairs);
