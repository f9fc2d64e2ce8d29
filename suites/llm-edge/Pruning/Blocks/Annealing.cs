using System.Numerics;
using Harness.Datasets;

namespace Suites.LlmEdge.Pruning.Blocks;

/// <summary>
/// Simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983) whose moves exchange a pruned and a kept weight. The inverse temperature grows
/// from 1e-3 to 100, per mean |Q|, by a tenth each time. Each temperature has so many sweeps, of as many tried moves as there are weights.
/// </summary>
/// <param name="Restarts">Runs from random beginnings, of which the best state is taken.</param>
sealed record Annealing(int Sweeps = 1, int Restarts = 10) : IBlockSolver
{
    const double First = 1e-3, Last = 100, Growth = 1.1;

    public bool[] Solve(BlockProblem problem, ReadOnlySpan<bool> current, Chance chance)
    {
        var (best, least, count) = (current.ToArray(), problem.Energy(current), current.Count(true));
        if (count == 0 || count == current.Length) return best;
        for (var restart = 0; restart < Restarts; restart++)
        {
            var state = new Walk(problem, count, chance);
            state.Cool(Sweeps);
            if (state.Least >= least) continue;
            (best, least) = (state.Best, state.Least);
        }
        return best;
    }

    // A field is what the energy rises by when its weight is pruned, with all others as they are (its own state aside).
    sealed class Walk
    {
        readonly BlockProblem _problem;
        readonly Chance _chance;
        readonly bool[] _state;
        readonly int[] _pruned, _kept;
        readonly float[] _fields;

        public Walk(BlockProblem problem, int count, Chance chance)
        {
            (_problem, _chance, _state, _fields) = (problem, chance, new bool[problem.Size], problem.Diagonal.ToArray());
            int[] order = [.. Enumerable.Range(0, problem.Size)];
            chance.Shuffle(order.AsSpan());
            (_pruned, _kept) = (order[..count], order[count..]);
            foreach (var weight in _pruned)
            {
                _state[weight] = true;
                Kernels.Vectors.AddScaled(_fields, 1, problem.Couplings(weight));
            }
            (Best, Least) = ([.. _state], problem.Energy(_state));
        }

        public bool[] Best { get; private set; }
        public double Least { get; private set; }

        public void Cool(int sweeps)
        {
            var energy = Least;
            for (var inverse = First; inverse <= Last * Growth; inverse *= Growth)
                for (var sweep = 0; sweep < sweeps; sweep++)
                {
                    energy += Sweep(Math.Min(inverse, Last) / _problem.Unit);
                    if (energy >= Least) continue;
                    // Sums of many float differences drift; what is kept as the best is computed anew.
                    energy = _problem.Energy(_state);
                    if (energy < Least) (Best, Least) = ([.. _state], energy);
                }
        }

        double Sweep(double inverse)
        {
            var sum = 0.0;
            for (var move = 0; move < _state.Length; move++)
            {
                var (from, to) = (_chance.Below(_pruned.Length), _chance.Below(_kept.Length));
                var (leaving, coming) = (_pruned[from], _kept[to]);
                var rise = _fields[coming] - _fields[leaving] - _problem.Couplings(leaving)[coming];
                if (rise > 0 && _chance.Unit() >= Math.Exp(-inverse * rise)) continue;
                (_pruned[from], _kept[to], _state[leaving], _state[coming]) = (coming, leaving, false, true);
                AddDifference(_fields, _problem.Couplings(coming), _problem.Couplings(leaving));
                sum += rise;
            }
            return sum;
        }

        static void AddDifference(Span<float> to, ReadOnlySpan<float> plus, ReadOnlySpan<float> minus)
        {
            var i = 0;
            for (; i + Vector<float>.Count <= to.Length; i += Vector<float>.Count)
                (new Vector<float>(to[i..]) + (new Vector<float>(plus[i..]) - new Vector<float>(minus[i..]))).CopyTo(to[i..]);
            for (; i < to.Length; i++) to[i] += plus[i] - minus[i];
        }
    }
}
