using Harness.Datasets;
using MathNet.Numerics;

namespace Suites.Clustering.Biclusters;

/// <param name="Latent">Axes that the neurons of a group weigh each for itself.</param>
/// <param name="States">At most.</param>
sealed record BiclusterPriors(CountModel Model, int Latent, int States, double Concentration, double Spread, double Stickiness,
    double GroupProbability, double GroupConcentration);

/// <summary>The sampler of one recording: everything that is unknown, drawn in turns (Wei, ICLR 2024).</summary>
sealed class BiclusterChain
{
    const int Spares = 3;
    const double WalkNoise = 0.1;

    readonly CountTable _counts;
    readonly BiclusterPriors _priors;
    readonly Chance _chance;
    readonly GroupedNeurons _neurons;
    readonly FiniteMixture _mixture;
    readonly StateStep _states;
    readonly TrajectoryStep _trajectories;
    readonly DispersionStep _dispersions;
    readonly LabelStep _labels;
    readonly int[] _drawnLabels;
    readonly double _constant;
    int _sweep;

    public BiclusterChain(CountRecording recording, BiclusterPriors priors, Chance chance)
    {
        (_counts, _priors, _chance) = (new(recording), priors, chance);
        var first = new Group(FreshTrajectory.Draw(priors.Latent + 1, _counts.Bins, smooth: false, chance), _counts.Neurons);
        _neurons = new(_counts, first, priors.Model, dispersion: 10);
        _mixture = new(_counts.Neurons, priors.GroupProbability, priors.GroupConcentration);
        _states = new(_counts.Bins, new(priors.States, priors.Concentration, priors.Spread, priors.Stickiness), chance);
        (_trajectories, _dispersions) = (new(_counts, _neurons), new(_counts, _neurons));
        _labels = new(_counts, _neurons, _mixture, Spares);
        (_drawnLabels, _constant) = (new int[_counts.Neurons], LogFactorials(recording));
        (Neurons, Bins) = (new(_counts.Neurons), new(_counts.Bins));
    }

    public PosteriorSimilarity Neurons { get; }
    public PosteriorSimilarity Bins { get; }

    /// <summary>Numbers of groups and of states in use, and log densities, of the draws that were kept.</summary>
    public List<int> Groups { get; } = [];
    public List<int> UsedStates { get; } = [];
    public List<double> LogDensities { get; } = [];

    /// <summary>The log density after the last sweep.</summary>
    public double LogDensity { get; private set; }

    /// <summary>
    /// Finds a place to begin. First groups, more than there should be, whose trajectories walk at random, joined while the evidence gains.
    /// Then two states, of bins where trajectories are near 0 and far from it, which stay until trajectories have taken their dynamics.
    /// </summary>
    /// <param name="sweeps">Two thirds for groups, the rest for dynamics.</param>
    public void Settle(int sweeps, CancellationToken cancellation)
    {
        var (each, beginning) = (sweeps / 3, new Beginning(_counts, _neurons, _mixture, WalkNoise));
        beginning.Part(_priors.Latent + 1, _chance, cancellation);
        Repeat(each, () => Walk(withLabels: false), cancellation);
        beginning.Join(cancellation);
        Repeat(each, () => Walk(withLabels: true), cancellation);
        beginning.Join(cancellation);
        _states.Settle(_neurons.Groups, Math.Min(2, _priors.States), _chance, cancellation);
        Repeat(sweeps - 2 * each, () =>
        {
            _states.DrawDynamics(_neurons.Groups, _chance);
            _trajectories.Draw(_states.Dynamics, _states.States, _chance);
            DrawNeurons(labels: false, ofUnitAxes: false);
        }, cancellation);
    }

    void Walk(bool withLabels)
    {
        _trajectories.Draw(LinearDynamics.RandomWalk(_priors.Latent + 1, WalkNoise), _chance);
        DrawNeurons(withLabels, ofUnitAxes: true);
    }

    static void Repeat(int times, Action draw, CancellationToken cancellation)
    {
        for (var time = 0; time < times; time++)
        {
            cancellation.ThrowIfCancellationRequested();
            draw();
        }
    }

    /// <summary>Draws everything once.</summary>
    public void Sweep()
    {
        _states.Draw(_neurons.Groups, _chance);
        _trajectories.Draw(_states.Dynamics, _states.States, _chance);
        LogDensity = _states.LogDensity(_neurons.Groups) + LogDensityOfCounts();
        DrawNeurons(labels: true, ofUnitAxes: false);
    }

    void DrawNeurons(bool labels, bool ofUnitAxes)
    {
        if (_priors.Model == CountModel.NegativeBinomial) _dispersions.Draw(_chance);
        if (labels) _labels.Draw(smooth: _sweep++ % 5 == 0, ofUnitAxes, _chance);
        // Groups may be weighed by another prior of loadings, which are drawn by their own.
        if (!labels || ofUnitAxes) _labels.DrawLoadings(_chance);
        Standing.Put(_neurons);
    }

    /// <summary>Takes the state after the last sweep into the posterior.</summary>
    public void Keep()
    {
        for (var neuron = 0; neuron < _drawnLabels.Length; neuron++) _drawnLabels[neuron] = _neurons.Of[neuron].Place;
        Neurons.Add(_drawnLabels);
        Bins.Add(_states.States);
        Groups.Add(_neurons.Groups.Count);
        UsedStates.Add(_states.States.Distinct().Count());
        LogDensities.Add(LogDensity);
    }

    // log p(counts, offsets, loadings, dispersions, groups | trajectories).
    double LogDensityOfCounts()
    {
        var sum = _constant + _mixture.LogProbability(_neurons.Groups.Select(group => group.Members));
        for (var neuron = 0; neuron < _counts.Neurons; neuron++) sum += _dispersions.LogJoint(neuron, _neurons.Dispersions[neuron])
            - 0.5 * _neurons.Loadings[neuron].Sum(loading => loading * loading);
        return sum;
    }

    static double LogFactorials(CountRecording recording)
    {
        var sum = 0.0;
        foreach (var count in recording.Counts.Span) sum -= SpecialFunctions.FactorialLn(count);
        return sum;
    }
}
