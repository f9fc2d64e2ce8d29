using System.Numerics;
using Harness.Datasets;
using Suites.Clustering.Spectra;

namespace Suites.Clustering.Biclusters;

/// <summary>
/// Offset and loadings of one neuron given a trajectory: their mode by Newton's method, and around it a normal distribution (Laplace's
/// approximation), which gives the marginal likelihood of the counts and draws. Their prior is standard normal; on axes of length 1, which
/// Wei (2024) takes where groups are compared, that is Zellner's g-prior of loadings with g = 1.
/// </summary>
/// <param name="axes">The offset and the latent axes; axis 0 of a trajectory is common and has no loading.</param>
/// <param name="stride">Bins of a trajectory with those that fill up the last vector.</param>
sealed class LoadingPosterior(int axes, int stride, CountModel model)
{
    const int MaxSteps = 30;
    const double LongestStep = 2, Tolerance = 1e-6;

    readonly double[] _rates = new double[stride], _slopes = new double[stride], _weights = new double[stride];
    readonly double[] _prior = new double[axes * axes];
    readonly double[] _products = new double[stride], _step = new double[axes], _distance = new double[axes];
    double _logPrior;

    /// <summary>Offset first.</summary>
    public double[] Mode { get; } = new double[axes];

    /// <summary>Of the precision, lower triangle.</summary>
    public double[] Factor { get; } = new double[axes * axes];

    /// <summary>log of the integral over offset and loadings, without what depends on the counts alone.</summary>
    public double LogMarginal { get; private set; }

    /// <param name="counts">Of a neuron, filled up with zeros.</param>
    /// <param name="dispersion">r; nothing in a Poisson model.</param>
    /// <param name="start">From which Newton's method begins.</param>
    /// <param name="ofUnitAxes">Whether loadings are standard normal on axes of length 1 instead of on those of the trajectory.</param>
    public void Fit(ReadOnlySpan<double> counts, double dispersion, Trajectory trajectory, ReadOnlySpan<double> start, bool ofUnitAxes)
    {
        SetPrior(trajectory, ofUnitAxes);
        start.CopyTo(Mode);
        for (var step = 0; step < MaxSteps; step++)
        {
            Rates(trajectory, Mode);
            Slopes(counts, dispersion, trajectory.Bins);
            Curvature(trajectory);
            Gradient(trajectory);
            Cholesky.Factor(Factor, axes);
            Cholesky.SolveLower(Factor, _step);
            Cholesky.SolveUpper(Factor, _step);
            var longest = 0.0;
            foreach (var move in _step) longest = Math.Max(longest, Math.Abs(move));
            var share = Math.Min(1, LongestStep / longest);
            for (var axis = 0; axis < axes; axis++) Mode[axis] += share * _step[axis];
            if (longest < Tolerance) break;
        }
        LogMarginal = LogJoint(counts, dispersion, trajectory, Mode) + 0.5 * axes * Math.Log(2 * Math.PI)
            - 0.5 * Cholesky.LogDeterminant(Factor, axes);
    }

    /// <summary>log p(counts, offset, loadings) with the prior of the last fit, without what depends on the counts alone.</summary>
    public double LogJoint(ReadOnlySpan<double> counts, double dispersion, Trajectory trajectory, ReadOnlySpan<double> loadings)
    {
        var squares = 0.0;
        for (var row = 0; row < axes; row++)
            for (var column = 0; column < axes; column++) squares += loadings[row] * _prior[row * axes + column] * loadings[column];
        return LogLikelihood(counts, dispersion, trajectory, loadings) + 0.5 * (_logPrior - squares - axes * Math.Log(2 * Math.PI));
    }

    /// <summary>log p(counts | offset, loadings), without what depends on the counts and r alone.</summary>
    public double LogLikelihood(ReadOnlySpan<double> counts, double dispersion, Trajectory trajectory, ReadOnlySpan<double> loadings)
    {
        Rates(trajectory, loadings);
        return LogLikelihood(counts, dispersion, _rates, trajectory.Bins, model);
    }

    /// <param name="rates">Logarithms.</param>
    public static double LogLikelihood(ReadOnlySpan<double> counts, double dispersion, ReadOnlySpan<double> rates, int bins,
        CountModel model)
    {
        var (sum, width) = (Vector<double>.Zero, Vector<double>.Count);
        var (size, log) = (new Vector<double>(dispersion), new Vector<double>(Math.Log(dispersion)));
        for (var at = 0; at < counts.Length; at += width)
        {
            var (count, rate) = (new Vector<double>(counts[at..]), new Vector<double>(rates[at..]));
            var odds = rate - log;
            var term = model == CountModel.Poisson
                ? count * rate - Vector.Exp(rate)
                : count * odds - (count + size) * SoftPlus(odds);
            sum += at + width <= bins ? term : term * Within(bins - at);
        }
        return Vector.Sum(sum);
    }

    /// <summary>log density at a place of the normal distribution around the mode.</summary>
    public double LogProposal(ReadOnlySpan<double> loadings)
    {
        for (var axis = 0; axis < axes; axis++) _distance[axis] = loadings[axis] - Mode[axis];
        var squares = 0.0;
        for (var row = 0; row < axes; row++)
        {
            var sum = 0.0;
            for (var below = row; below < axes; below++) sum += Factor[below * axes + row] * _distance[below];
            squares += sum * sum;
        }
        return 0.5 * Cholesky.LogDeterminant(Factor, axes) - 0.5 * axes * Math.Log(2 * Math.PI) - 0.5 * squares;
    }

    /// <summary>Draws from the normal distribution around the mode.</summary>
    public void Propose(Span<double> loadings, Chance chance)
    {
        for (var axis = 0; axis < axes; axis++) _distance[axis] = chance.Normal();
        Cholesky.SolveUpper(Factor, _distance);
        for (var axis = 0; axis < axes; axis++) loadings[axis] = Mode[axis] + _distance[axis];
    }

    /// <summary>Slopes of the log likelihood by the log rate, and negative curvatures, of the last <see cref="Fit"/>'s last step.</summary>
    public ReadOnlySpan<double> LastSlopes => _slopes;
    public ReadOnlySpan<double> LastWeights => _weights;

    /// <summary>Logarithms of rates of all bins.</summary>
    public ReadOnlySpan<double> Rates(Trajectory trajectory, ReadOnlySpan<double> loadings)
    {
        trajectory[0].CopyTo(_rates);
        for (var axis = 1; axis < axes; axis++) Subspace.AddScaled(_rates, trajectory[axis], loadings[axis]);
        for (var at = 0; at < stride; at++) _rates[at] += loadings[0];
        return _rates;
    }

    // First and negative second derivatives by the log rate; 0 in the bins that fill up.
    void Slopes(ReadOnlySpan<double> counts, double dispersion, int bins)
    {
        var width = Vector<double>.Count;
        var (size, log) = (new Vector<double>(dispersion), new Vector<double>(Math.Log(dispersion)));
        for (var at = 0; at < stride; at += width)
        {
            var (count, rate) = (new Vector<double>(counts[at..]), new Vector<double>(_rates.AsSpan(at)));
            Vector<double> slope, weight;
            if (model == CountModel.Poisson) slope = count - (weight = Vector.Exp(rate));
            else
            {
                var share = Vector<double>.One / (Vector<double>.One + Vector.Exp(log - rate));
                slope = count - (count + size) * share;
                weight = (count + size) * share * (Vector<double>.One - share);
            }
            if (at + width > bins) (slope, weight) = (slope * Within(bins - at), weight * Within(bins - at));
            slope.CopyTo(_slopes.AsSpan(at));
            weight.CopyTo(_weights.AsSpan(at));
        }
    }

    void SetPrior(Trajectory trajectory, bool ofUnitAxes)
    {
        _prior.AsSpan().Clear();
        (_prior[0], _logPrior) = (1, 0);
        for (var row = 1; row < axes; row++)
            for (var column = 1; column < axes; column++)
                _prior[row * axes + column] = (row == column ? 1 : 0)
                    + (ofUnitAxes ? Subspace.Dot(trajectory[row], trajectory[column]) : 0);
        if (!ofUnitAxes) return;
        _prior.CopyTo(Factor, 0);
        Cholesky.Factor(Factor, axes);
        _logPrior = Cholesky.LogDeterminant(Factor, axes);
    }

    void Gradient(Trajectory trajectory)
    {
        for (var axis = 0; axis < axes; axis++)
        {
            _step[axis] = axis == 0 ? Sum(_slopes) : Subspace.Dot(_slopes, trajectory[axis]);
            for (var other = 0; other < axes; other++) _step[axis] -= _prior[axis * axes + other] * Mode[other];
        }
    }

    void Curvature(Trajectory trajectory)
    {
        Factor[0] = _prior[0] + Sum(_weights);
        for (var row = 1; row < axes; row++)
        {
            var own = trajectory[row];
            for (var at = 0; at < stride; at += Vector<double>.Count)
                (new Vector<double>(own[at..]) * new Vector<double>(_weights.AsSpan(at))).CopyTo(_products.AsSpan(at));
            Factor[row * axes] = Sum(_products);
            for (var column = 1; column <= row; column++)
                Factor[row * axes + column] = _prior[row * axes + column] + Subspace.Dot(_products, trajectory[column]);
        }
    }

    static double Sum(ReadOnlySpan<double> values)
    {
        var sum = Vector<double>.Zero;
        for (var at = 0; at < values.Length; at += Vector<double>.Count) sum += new Vector<double>(values[at..]);
        return Vector.Sum(sum);
    }

    // log(1 + exp(x)) without overflow.
    static Vector<double> SoftPlus(Vector<double> value) =>
        Vector.Max(value, Vector<double>.Zero) + Vector.Log(Vector<double>.One + Vector.Exp(-Vector.Abs(value)));

    // 1 in the first so many places.
    static Vector<double> Within(int count) =>
        Vector.ConditionalSelect(Vector.LessThan(Vector.ConvertToDouble(Vector<long>.Indices), new Vector<double>(count)),
            Vector<double>.One, Vector<double>.Zero);
}
