using Harness.Detection.Deciding;
using Harness.Detection.Pairing;
using Harness.Statistics;

namespace Harness.Detection.Fleet;

/// <summary>A simulated device with its series, one night after the other. The truth is known, so every alert is right or wrong.</summary>
sealed class FleetDevice
{
    const double Persistence = 0.7;
    // A change needs nights before it, to be a change, and after it, to be found.
    const int EarliestChange = 20;

    readonly Chance _chance;
    readonly NoiseModel _noise;
    readonly Scenario _scenario;
    readonly DetectionPolicy _policy;
    readonly int _step;
    readonly int[] _changes;
    double _wander;

    public FleetDevice(string seed, int series, int nights, NoiseModel noise, Scenario scenario, DetectionPolicy policy)
    {
        (_chance, _noise, _scenario, _policy) = (Chance.From(seed), noise, scenario, policy);
        _step = RandomNight(nights);
        _changes = [.. Enumerable.Range(0, series).Select(_ => scenario.Together ? _step : RandomNight(nights))];
    }

    public int Series => _changes.Length;

    /// <summary>The first night on which something is different for a series.</summary>
    public int ChangeOf(int series) => _scenario.Slowdown == 0 ? _step : _changes[series];

    /// <summary>Head against the pinned base, as it truly is.</summary>
    public double Truth(int series, int night) => (night >= _changes[series] ? Math.Log(1 + _scenario.Slowdown) : 0)
        + (night >= _step ? _scenario.Leak * Math.Log(1 + _scenario.Step) : 0);

    /// <summary>What a night adds to every absolute time; null when the device does not run.</summary>
    public double? Environment(int night)
    {
        _wander = Persistence * _wander + Math.Sqrt(1 - Persistence * Persistence) * _noise.Wander * _chance.Normal();
        var added = _wander + _noise.Night * _chance.Normal() + (night >= _step ? Math.Log(1 + _scenario.Step) : 0);
        return _chance.Happens(_noise.Missing) ? null : added;
    }

    /// <summary>The typical time of as many runs as a night takes of one arm.</summary>
    public double Absolute(double environment, double truth) => environment + truth
        + Quantiles.Median([.. Enumerable.Range(0, _policy.Pairs).Select(_ => _noise.Pair / Math.Sqrt(2) * _chance.Normal()
            + Disturbance(0.5))]);

    public Control Control()
    {
        var differences = Pairs(0, _policy.Pairs, Residual());
        return new(HodgesLehmann.Estimate(differences), Moments.Of(differences).StandardDeviation, differences.Length);
    }

    public double Residual() => _noise.Session * _chance.Normal();

    public double[] Pairs(double truth, int pairs, double residual) => [.. Enumerable.Range(0, pairs).Select(_ =>
        truth + residual + _noise.Pair * _chance.Normal() + Disturbance(1) - Disturbance(1))];

    double Disturbance(double share) => _chance.Happens(share * _noise.Outliers / 2) ? _chance.Exponential(_noise.OutlierSize) : 0;

    int RandomNight(int nights) => EarliestChange + _chance.Below(Math.Max(1, nights - EarliestChange - Scenario.Within));
}
