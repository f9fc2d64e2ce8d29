using Harness.Datasets;
using MathNet.Numerics.LinearAlgebra;
using Suites.Clustering.Biclusters;

namespace Suites.Clustering.Tests.Biclusters;

/// <summary>Each part of the bi-clustering sampler against closed forms, enumeration or quadrature.</summary>
public sealed class SamplerPartTests
{
    // Shapes of every way to draw: whole, broken, and by moments; tolerances are five standard errors of the mean of 40 000 draws.
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 3)]
    [InlineData(1.5, -1)]
    [InlineData(0.3, 8)]
    [InlineData(4.2, 0.02)]
    [InlineData(100, 2)]
    public void Polya_gamma_draws_have_the_mean_the_variance_and_the_Laplace_transform_of_their_distribution(double shape, double tilt)
    {
        const int Draws = 40_000;
        var chance = new Chance(7);
        double[] draws = [.. Enumerable.Range(0, Draws).Select(_ => PolyaGamma.Draw(shape, tilt, chance))];
        // Polson, Scott and Windle 2013; the limits at 0 are 1/4 and 1/24.
        var mean = tilt == 0 ? shape / 4 : shape * Math.Tanh(tilt / 2) / (2 * tilt);
        var variance = Math.Abs(tilt) < 0.1 ? shape / 24
            : shape * (Math.Sinh(tilt) - tilt) / (4 * Math.Pow(tilt, 3) * Math.Pow(Math.Cosh(tilt / 2), 2));
        var error = Math.Sqrt(variance / Draws);
        Assert.Equal(mean, draws.Average(), 5 * error);
        Assert.Equal(variance, draws.Average(draw => (draw - mean) * (draw - mean)), 0.06 * variance);
        var rate = 1 / mean;
        var transform = Math.Pow(Math.Cosh(tilt / 2) / Math.Cosh(Math.Sqrt(tilt * tilt / 4 + rate / 2)), shape);
        Assert.Equal(transform, draws.Average(draw => Math.Exp(-rate * draw)), 5 * rate * error + 1e-3 * transform);
        Assert.All(draws, draw => Assert.True(draw > 0));
    }

    // The whole precision of five values of two axes as one matrix, solved densely.
    [Fact]
    public void The_filter_has_mean_determinant_and_covariance_of_the_dense_Gaussian()
    {
        var (chance, size, bins) = (new Chance(3), 2, 4);
        var sampler = new TrajectorySampler(size, bins);
        LinearDynamics[] dynamics = [.. Enumerable.Range(0, 2).Select(_ => Drawn(size, chance))];
        int[] states = [0, 1, 1, 0];
        var (precision, linear) = Dense(dynamics, states, size);
        sampler.Clear();
        for (var bin = 0; bin < bins; bin++)
        {
            sampler.Precision(bin)[0] = 1 + bin;
            sampler.Precision(bin)[2] = sampler.Precision(bin)[1] = 0.3;
            sampler.Precision(bin)[3] = 2;
            (sampler.Linear(bin)[0], sampler.Linear(bin)[1]) = (bin, -1);
            for (var row = 0; row < size; row++)
            {
                linear[(bin + 1) * size + row] += sampler.Linear(bin)[row];
                for (var column = 0; column < size; column++)
                    precision[(bin + 1) * size + row, (bin + 1) * size + column] += sampler.Precision(bin)[row * size + column];
            }
        }
        StepPrecision[] steps = [.. dynamics.Select(StepPrecision.Of)];
        sampler.Draw(steps, states, chance: null);
        var mean = precision.Solve(linear);
        for (var at = 0; at < mean.Count; at++) Assert.Equal(mean[at], sampler.Drawn[at], 1e-9);
        Assert.Equal(Math.Log(precision.Determinant()), sampler.LogDeterminant, 1e-9);
        var (sums, draws) = (new double[mean.Count, mean.Count], 20_000);
        for (var draw = 0; draw < draws; draw++)
        {
            sampler.Draw(steps, states, chance);
            for (var row = 0; row < mean.Count; row++)
                for (var column = 0; column < mean.Count; column++)
                    sums[row, column] += (sampler.Drawn[row] - mean[row]) * (sampler.Drawn[column] - mean[column]) / draws;
        }
        var covariance = precision.Inverse();
        for (var row = 0; row < mean.Count; row++)
            for (var column = 0; column < mean.Count; column++)
                Assert.Equal(covariance[row, column], sums[row, column],
                    0.05 * Math.Sqrt(covariance[row, row] * covariance[column, column]));
    }

    [Fact]
    public void States_have_the_evidence_and_the_posterior_of_all_sequences_counted_one_by_one()
    {
        const int Bins = 5, States = 3;
        var chance = new Chance(11);
        double[] transitions = [0.7, 0.2, 0.1, 0.1, 0.6, 0.3, 0.25, 0.25, 0.5];
        double[] densities = [.. Enumerable.Range(0, Bins * States).Select(at => Math.Sin(3 * at) - 2)];
        var (total, together) = (0.0, 0.0);
        for (var code = 0; code < 243; code++)
        {
            int[] sequence = [code % 3, code / 3 % 3, code / 9 % 3, code / 27 % 3, code / 81];
            var density = sequence.Index().Aggregate(1.0 / States, (product, entry) => product
                * Math.Exp(densities[entry.Index * States + entry.Item])
                * (entry.Index == 0 ? 1 : transitions[sequence[entry.Index - 1] * States + entry.Item]));
            total += density;
            if (sequence[1] == sequence[3]) together += density;
        }
        var hidden = new HiddenStates(Bins, States);
        hidden.Filter(transitions, densities);
        Assert.Equal(Math.Log(total), hidden.LogEvidence, 1e-12);
        var (drawn, count) = (new int[Bins], 0);
        for (var draw = 0; draw < 40_000; draw++)
        {
            hidden.Draw(transitions, drawn, chance);
            if (drawn[1] == drawn[3]) count++;
        }
        Assert.Equal(together / total, count / 40_000.0, 0.012);
    }

    // With no counts π is its prior, whose mean is (α/L + κ e_j) / (α + κ); with many, shares of what was counted.
    [Fact]
    public void Transitions_stick_where_nothing_is_known_and_follow_counts_where_there_are_many()
    {
        var chance = new Chance(5);
        var sticky = new StickyTransitions(4, 5, 5, 10);
        double stays = 0, moves = 0;
        for (var draw = 0; draw < 4000; draw++)
        {
            sticky.Draw(new int[16], chance);
            stays += sticky.Probabilities[0] / 4000;
            moves += sticky.Probabilities[1] / 4000;
        }
        Assert.Equal((5.0 / 4 + 10) / 15, stays, 0.01);
        Assert.Equal(5.0 / 4 / 15, moves, 0.01);
        var counts = new int[16];
        (counts[0], counts[1], counts[5], counts[4]) = (30_000, 10_000, 20_000, 20_000);
        sticky.Draw(counts, chance);
        Assert.Equal(0.75, sticky.Probabilities[0], 0.02);
        Assert.Equal(0.5, sticky.Probabilities[4], 0.02);
        // States that are never seen are given the rest.
        Assert.True(sticky.Shares[0] + sticky.Shares[1] > sticky.Shares[2] + sticky.Shares[3]);
        Assert.All(Enumerable.Range(0, 4), from => Assert.Equal(1, sticky.Probabilities[(from * 4)..(from * 4 + 4)].Sum(), 1e-12));
    }

    // Direct sums over k up to 4000 with scipy 1.10.1.
    [Theory]
    [InlineData(30, 1, 0.2, 1, -76.21327073985105)]
    [InlineData(30, 4, 0.2, 1, -81.83053919557072)]
    [InlineData(7, 3, 0.5, 2.5, -16.10829257570422)]
    public void Coefficients_of_the_mixture_are_the_direct_sum(int items, int groups, double probability, double concentration,
        double expected) =>
        Assert.Equal(expected, new FiniteMixture(items, probability, concentration).LogCoefficient(groups), 1e-9);

    // All five partitions of three items, by hand: their probabilities sum to 1.
    [Fact]
    public void Probabilities_of_all_partitions_sum_to_1()
    {
        var mixture = new FiniteMixture(3, 0.3, 1.5);
        int[][] partitions = [[3], [2, 1], [2, 1], [2, 1], [1, 1, 1]];
        Assert.Equal(1, partitions.Sum(sizes => Math.Exp(mixture.LogProbability(sizes))), 1e-9);
    }

    // Quadrature over offset and loading with scipy 1.10.1 (dblquad): Laplace's approximation is right to some hundredths.
    [Theory]
    [InlineData(CountModel.NegativeBinomial, -94.90763440320995)]
    [InlineData(CountModel.Poisson, -45.79010952147568)]
    public void The_marginal_likelihood_of_counts_is_that_of_quadrature(CountModel model, double expected)
    {
        const int Bins = 40;
        var trajectory = new Trajectory(2, Bins);
        for (var bin = 0; bin < Bins; bin++)
        {
            trajectory.Set(0, bin, 0.5 * Math.Sin(0.3 * bin));
            trajectory.Set(1, bin, Math.Cos(0.17 * bin));
        }
        var counts = new CountTable(Recording(1, Bins, (_, bin) => (7 * bin * bin + 3 * bin) % 4));
        var posterior = new LoadingPosterior(2, counts.Stride, model);
        posterior.Fit(counts[0], 3, trajectory, [0, 0], ofUnitAxes: false);
        Assert.Equal(expected, posterior.LogMarginal, 0.03);
        // The proposal's density is that of the normal distribution: at its mode, with the factor's determinant.
        Assert.Equal(-Math.Log(2 * Math.PI) + 0.5 * Cholesky.LogDeterminant(posterior.Factor, 2),
            posterior.LogProposal(posterior.Mode), 1e-9);
    }

    // Draws of [A b] and Q of one axis without a step have the prior's mean: A = 1, b = 0.
    [Fact]
    public void Dynamics_follow_steps_where_there_are_many_and_the_prior_where_there_are_none()
    {
        var (chance, posterior, dynamics) = (new Chance(4), new DynamicsPosterior(1), new LinearDynamics(1));
        double slope = 0, shift = 0;
        for (var draw = 0; draw < 4000; draw++)
        {
            posterior.Clear();
            posterior.Draw(dynamics, chance);
            slope += dynamics.Transition[0] / dynamics.Whitening[0] / 4000;
            shift += dynamics.Transition[1] / dynamics.Whitening[0] / 4000;
        }
        Assert.Equal(1, slope, 0.02);
        Assert.Equal(0, shift, 0.02);
        posterior.Clear();
        var value = 1.0;
        for (var step = 0; step < 20_000; step++)
        {
            var next = 0.5 * value + 1 + 0.2 * chance.Normal();
            posterior.Add([value, 1], [next]);
            value = next;
        }
        posterior.Draw(dynamics, chance);
        Assert.Equal(0.5, dynamics.Transition[0] / dynamics.Whitening[0], 0.03);
        Assert.Equal(1, dynamics.Transition[1] / dynamics.Whitening[0], 0.06);
        Assert.Equal(0.2, 1 / Math.Abs(dynamics.Whitening[0]), 0.01);
    }

    internal static CountRecording Recording(int neurons, int bins, Func<int, int, int> count) =>
        new(Enumerable.Range(0, neurons * bins).Select(at => count(at / bins, at % bins)).ToArray(), neurons, bins)
        {
            NeuronLabels = new int[neurons],
            StateLabels = new int[bins],
        };

    static LinearDynamics Drawn(int size, Chance chance)
    {
        var dynamics = new LinearDynamics(size);
        for (var at = 0; at < size * size; at++) dynamics.Whitening[at] = chance.Normal() + (at % (size + 1) == 0 ? 2 : 0);
        for (var at = 0; at < size * (size + 1); at++) dynamics.Transition[at] = chance.Normal();
        return dynamics;
    }

    static (Matrix<double> Precision, Vector<double> Linear) Dense(LinearDynamics[] dynamics, int[] states, int size)
    {
        var all = (states.Length + 1) * size;
        var (precision, linear) = (Matrix<double>.Build.Dense(all, all), Vector<double>.Build.Dense(all));
        for (var axis = 0; axis < size; axis++) precision[axis, axis] = 1;
        foreach (var (bin, state) in states.Index())
            for (var white = 0; white < size; white++)
            {
                // One row of P x_t - R x_(t-1) - r, standard normal.
                var row = Vector<double>.Build.Dense(all);
                for (var axis = 0; axis < size; axis++)
                {
                    row[(bin + 1) * size + axis] = dynamics[state].Whitening[white * size + axis];
                    row[bin * size + axis] = -dynamics[state].Transition[white * (size + 1) + axis];
                }
                precision += row.OuterProduct(row);
                linear += row * dynamics[state].Transition[white * (size + 1) + size];
            }
        return (precision, linear);
    }
}
