using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Suites.Clustering.Biclusters;

namespace Suites.Clustering.Families.Biclustering;

/// <summary>
/// Bayesian bi-clustering of spike counts: neurons are grouped by the latent trajectory that drives them, time bins by the linear dynamics
/// of all trajectories; numbers of groups and states are drawn too. Answers are partitions of largest expected adjusted Rand index.
/// </summary>
/// <param name="Sweeps">How often everything is drawn.</param>
/// <param name="Discard">Share of sweeps before draws are kept.</param>
/// <param name="Settle">Draws before the first sweep, which find a place to begin.</param>
/// <param name="States">At most.</param>
public sealed record BayesBiclustering([property: Range(10, 1_000_000)] int Sweeps = 2000, CountModel Counts = CountModel.NegativeBinomial,
    [property: Range(0.0, 0.9)] double Discard = 0.25, [property: Range(3, 100_000)] int Settle = 200,
    [property: Range(0, 10)] int Latent = 2, [property: Range(1, 100)] int States = 10,
    [property: Range(0.0, 1e4, MinimumIsExclusive = true)] double Concentration = 5,
    [property: Range(0.0, 1e4, MinimumIsExclusive = true)] double Spread = 5, [property: Range(0.0, 1e6)] double Stickiness = 10,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)] double GroupProbability = 0.2,
    [property: Range(0.0, 1e4, MinimumIsExclusive = true)] double GroupConcentration = 1)
    : IModelFamily<CountRecording, BiclusterPrediction>
{
    /// <summary>States of bins are tens of thousands of pairs: not every draw is compared.</summary>
    const int Every = 2;

    public FamilyCard Card => new("bayes-biclustering", 1, "Bayesian bi-clustering of spikes")
    {
        Kind = "classical",
        Summary = "Neurons by latent trajectory and bins by linear dynamics, both numbers unknown, by Markov chain Monte Carlo.",
        Paper = "Wei: Bayesian bi-clustering of neural spiking activity with latent structures, ICLR 2024",
        Link = "https://arxiv.org/abs/2309.02213",
        Equations = """
            y_it ~ NB(r_i, mean exp(d_i + m_t + c_i x_t)) or Poisson, [m; x] the trajectory of group z_i
            all trajectories X_t = A_s X_(t-1) + b_s + e, e ~ N(0, Q_s), s = s_t; [A b], Q ~ MNIW
            s_t ~ sticky HDP-HMM in its weak limit; z ~ mixture of finite mixtures, K ~ Geometric
            """,
    };

    /// <summary>The curve is the negative log density per recording, its mean over recordings.</summary>
    /// <exception cref="TrainingFailedException">There is no recording, a count is negative, or a chain diverged.</exception>
    public IModel<CountRecording, BiclusterPrediction> Prepare(TrainingData<CountRecording> data, RunContext context)
    {
        if (data.Training.Count == 0) throw new TrainingFailedException("There are no recordings to cluster; give at least one.");
        var priors = new BiclusterPriors(Counts, Latent, States, Concentration, Spread, Stickiness, GroupProbability, GroupConcentration);
        BiclusterChain[] chains = [.. data.Training.Select((recording, at) =>
            new BiclusterChain(recording, priors, new(unchecked((ulong)context.Seed * 1_000_003 + (ulong)at))))];
        var (began, parallel) = (context.Time.GetTimestamp(), new ParallelOptions { MaxDegreeOfParallelism = context.Threads });
        Parallel.ForEach(chains, parallel, chain => chain.Settle(Settle, context.Cancellation));
        for (var sweep = 1; sweep <= Sweeps; sweep++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var keeps = sweep > Discard * Sweeps && sweep % Every == 0;
            Parallel.ForEach(chains, parallel, chain =>
            {
                chain.Sweep();
                if (keeps) chain.Keep();
            });
            context.Progress.Report(new(sweep, -chains.Average(chain => chain.LogDensity), null,
                context.Time.GetElapsedTime(began).TotalSeconds));
        }
        var answers = new BiclusterPrediction[chains.Length];
        Parallel.For(0, chains.Length, parallel, at => answers[at] = Summary(chains[at], context.Cancellation));
        return new RecordingModel(data.Training, answers);
    }

    BiclusterPrediction Summary(BiclusterChain chain, CancellationToken cancellation) =>
        new(chain.Neurons.Best(most: 20, cancellation), chain.Bins.Best(States, cancellation))
        {
            Posterior = new(Shares(chain.Groups), Shares(chain.UsedStates), chain.Neurons.Entropy(), chain.Bins.Entropy(),
                EffectiveDraws.Of(chain.LogDensities), chain.LogDensities.Average()),
        };

    static double[] Shares(List<int> numbers) =>
        [.. Enumerable.Range(1, numbers.Max()).Select(number => numbers.Count(one => one == number) / (double)numbers.Count)];
}
