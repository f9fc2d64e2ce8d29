namespace Suites.LlmEdge.Quantizing.MixedPrecision;

/// <summary>One way to round a matrix.</summary>
/// <param name="Size">Bits of the whole matrix.</param>
/// <param name="Loss">What it costs in quality; adds up over matrices.</param>
sealed record BitChoice(int Bits, long Size, double Loss);

/// <summary>
/// Chooses for each matrix one way to round it, of least total loss within a budget: exact, by dynamic programming over matrices, keeping
/// of all choices so far those that no other one beats in both size and loss.
/// </summary>
static class BitBudget
{
    sealed record State(long Size, double Loss, BitChoice? Choice, State? Before);

    /// <returns>The choice of each matrix, in order.</returns>
    /// <exception cref="HarnessException">Even the smallest choices are larger than the budget.</exception>
    public static IReadOnlyList<BitChoice> Choose(IReadOnlyList<IReadOnlyList<BitChoice>> matrices, long budget)
    {
        var least = matrices.Sum(choices => choices.Min(choice => choice.Size));
        if (least > budget) throw new HarnessException($"A budget of {budget} bits is too small; the least choices need {least}.");
        List<State> states = [new(0, 0, null, null)];
        foreach (var choices in matrices)
            states = Unbeaten(states.SelectMany(state => choices.Select(choice => new State(state.Size + choice.Size,
                state.Loss + choice.Loss, choice, state))).Where(state => state.Size <= budget));
        return Path(states[^1]);
    }

    // In the order of size; the last one is then the largest and the best.
    static List<State> Unbeaten(IEnumerable<State> states)
    {
        var kept = new List<State>();
        foreach (var state in states.OrderBy(state => state.Size).ThenBy(state => state.Loss))
            if (kept.Count == 0 || state.Loss < kept[^1].Loss) kept.Add(state);
        return kept;
    }

    static List<BitChoice> Path(State last)
    {
        var path = new List<BitChoice>();
        for (var state = last; state.Choice is { } choice; state = state.Before!) path.Add(choice);
        path.Reverse();
        return path;
    }
}
