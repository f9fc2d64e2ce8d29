using Harness.Datasets;

namespace Suites.Clustering.Biclusters;

/// <summary>
/// Draws trajectories given Gaussian evidence of every bin and the dynamics of every step, all bins at once: a filter forward in
/// information form, which is the Cholesky factor of a block-tridiagonal precision, and draws backward (Carter and Kohn 1994; Chan and
/// Jeliazkov 2009).
/// </summary>
/// <param name="size">Axes of all groups together.</param>
/// <param name="bins">Of counts; the value before the first one, standard normal, is drawn too.</param>
sealed class TrajectorySampler(int size, int bins)
{
    // Blocks of the precision's factor: on the diagonal, and left of it.
    readonly double[] _factors = new double[(bins + 1) * size * size], _sides = new double[(bins + 1) * size * size];
    readonly double[] _draws = new double[(bins + 1) * size];

    public int Size => size;

    readonly double[] _precision = new double[(bins + 1) * size * size], _linear = new double[(bins + 1) * size];

    /// <summary>
    /// Axes [row, column], the lower triangle: what else than dynamics adds to the precision of a bin; -1 is before the first.
    /// </summary>
    public Span<double> Precision(int bin) => _precision.AsSpan((bin + 1) * size * size, size * size);

    /// <summary>Axis [axis]: the same of precision times mean.</summary>
    public Span<double> Linear(int bin) => _linear.AsSpan((bin + 1) * size, size);

    /// <summary>Evidence of the sum over axes of weight times value, in one bin.</summary>
    /// <param name="first">The axis that <paramref name="weights"/> begin at.</param>
    /// <param name="precision">Of the sum.</param>
    /// <param name="evidence">Precision times mean of the sum.</param>
    public void Observe(int bin, int first, ReadOnlySpan<double> weights, double precision, double evidence)
    {
        var ofBin = Precision(bin);
        var linear = Linear(bin)[first..];
        for (var row = 0; row < weights.Length; row++)
        {
            linear[row] += weights[row] * evidence;
            var scaled = precision * weights[row];
            var cells = ofBin.Slice((first + row) * size + first, row + 1);
            for (var column = 0; column <= row; column++) cells[column] += scaled * weights[column];
        }
    }

    /// <summary>Nothing but the prior of the value before the first bin.</summary>
    public void Clear()
    {
        _precision.AsSpan().Clear();
        _linear.AsSpan().Clear();
        for (var axis = 0; axis < size; axis++) _precision[axis * (size + 1)] = 1;
    }

    /// <summary>Axes [bin, axis], the value before the first bin first.</summary>
    public ReadOnlySpan<double> Drawn => _draws;

    /// <summary>log det of the precision of all bins together, of the last call.</summary>
    public double LogDeterminant { get; private set; }

    /// <param name="dynamics">Of each state.</param>
    /// <param name="states">Of each bin: how it comes from the one before.</param>
    /// <param name="chance">Null takes the mean instead of a draw.</param>
    public void Draw(IReadOnlyList<StepPrecision> dynamics, ReadOnlySpan<int> states, Chance? chance)
    {
        LogDeterminant = 0;
        var block = size * size;
        for (var at = 0; at <= bins; at++)
        {
            var factor = _factors.AsSpan(at * block, block);
            var draw = _draws.AsSpan(at * size, size);
            Precision(at - 1).CopyTo(factor);
            Linear(at - 1).CopyTo(draw);
            if (at > 0) Receive(dynamics[states[at - 1]], at, factor, draw);
            if (at < bins) Send(dynamics[states[at]], factor, draw);
            if (at > 0) Eliminate(at, factor, draw);
            Cholesky.Factor(factor, size);
            Cholesky.SolveLower(factor, draw);
            LogDeterminant += Cholesky.LogDeterminant(factor, size);
        }
        for (var at = bins; at >= 0; at--)
        {
            var draw = _draws.AsSpan(at * size, size);
            for (var axis = 0; axis < size && chance is not null; axis++) draw[axis] += chance.Normal();
            if (at < bins) Substitute(_sides.AsSpan((at + 1) * block, block), _draws.AsSpan((at + 1) * size, size), draw);
            Cholesky.SolveUpper(_factors.AsSpan(at * block, block), draw);
        }
    }

    // The step into this bin.
    void Receive(StepPrecision step, int at, Span<double> factor, Span<double> draw)
    {
        for (var cell = 0; cell < factor.Length; cell++) factor[cell] += step.Now[cell];
        for (var axis = 0; axis < size; axis++) draw[axis] += step.NowLinear[axis];
        step.Cross.CopyTo(_sides, at * size * size);
    }

    // The step out of it.
    static void Send(StepPrecision step, Span<double> factor, Span<double> draw)
    {
        for (var cell = 0; cell < factor.Length; cell++) factor[cell] += step.Before[cell];
        for (var axis = 0; axis < draw.Length; axis++) draw[axis] += step.BeforeLinear[axis];
    }

    // Takes the bin before out: side = E L^-T, then factor - side side' and draw - side u.
    void Eliminate(int at, Span<double> factor, Span<double> draw)
    {
        var side = _sides.AsSpan(at * size * size, size * size);
        var before = _factors.AsSpan((at - 1) * size * size, size * size);
        var solved = _draws.AsSpan((at - 1) * size, size);
        for (var row = 0; row < size; row++)
        {
            var own = side.Slice(row * size, size);
            Cholesky.SolveLower(before, own);
            for (var column = 0; column <= row; column++)
            {
                var other = side.Slice(column * size, size);
                var sum = 0.0;
                for (var axis = 0; axis < size; axis++) sum += own[axis] * other[axis];
                factor[row * size + column] -= sum;
            }
            for (var axis = 0; axis < size; axis++) draw[row] -= own[axis] * solved[axis];
        }
    }

    static void Substitute(ReadOnlySpan<double> side, ReadOnlySpan<double> next, Span<double> draw)
    {
        var size = draw.Length;
        for (var row = 0; row < size; row++)
        {
            var own = side.Slice(row * size, size);
            var value = next[row];
            for (var axis = 0; axis < size; axis++) draw[axis] -= own[axis] * value;
        }
    }
}

/// <summary>What the step of one state adds to the precision of the bins on both of its sides, from P x_t - R [x_(t-1); 1].</summary>
sealed class StepPrecision(int size)
{
    /// <summary>P'P, -P'R and R'R without the column of b, axes [row, column].</summary>
    public double[] Now { get; } = new double[size * size];
    public double[] Cross { get; } = new double[size * size];
    public double[] Before { get; } = new double[size * size];

    /// <summary>P'r and -R'r, r the column of b.</summary>
    public double[] NowLinear { get; } = new double[size];
    public double[] BeforeLinear { get; } = new double[size];

    public static StepPrecision Of(LinearDynamics dynamics)
    {
        var (size, step) = (dynamics.Size, new StepPrecision(dynamics.Size));
        for (var white = 0; white < size; white++)
        {
            var now = dynamics.Whitening.AsSpan(white * size, size);
            var before = dynamics.Transition.AsSpan(white * (size + 1), size + 1);
            for (var row = 0; row < size; row++)
            {
                for (var column = 0; column < size; column++)
                {
                    step.Now[row * size + column] += now[row] * now[column];
                    step.Cross[row * size + column] -= now[row] * before[column];
                    step.Before[row * size + column] += before[row] * before[column];
                }
                step.NowLinear[row] += now[row] * before[size];
                step.BeforeLinear[row] -= before[row] * before[size];
            }
        }
        return step;
    }

    /// <summary>Only some axes, given the others: what those say is left to <see cref="TrajectorySampler"/>'s linear part.</summary>
    public StepPrecision Of(int first, int count)
    {
        var part = new StepPrecision(count);
        for (var row = 0; row < count; row++)
            for (var column = 0; column < count; column++)
            {
                var (from, into) = ((first + row) * size + first + column, row * count + column);
                (part.Now[into], part.Cross[into], part.Before[into]) = (Now[from], Cross[from], Before[from]);
            }
        NowLinear.AsSpan(first, count).CopyTo(part.NowLinear);
        BeforeLinear.AsSpan(first, count).CopyTo(part.BeforeLinear);
        return part;
    }
}
