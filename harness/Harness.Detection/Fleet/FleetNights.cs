using Harness.Detection.Deciding;
using Harness.Statistics;

namespace Harness.Detection.Fleet;

/// <summary>All nights of one simulated device, as ours and the rivals see them.</summary>
sealed class FleetNights
{
    readonly FleetDevice _device;
    readonly DetectionPolicy _policy;
    readonly NightJudge _judge;
    readonly List<Control> _controls = [];
    readonly List<double?> _canary = [];
    readonly List<PastNight>[] _past;
    readonly List<int>[] _alerts;
    readonly int[] _pairs;
    readonly IReadOnlyList<RivalSeries> _rivals;

    /// <summary>Told of every judgement; for tests.</summary>
    internal Action<int, IReadOnlyList<Judgement>>? Judged { get; set; }

    public FleetNights(FleetDevice device, DetectionPolicy policy, IReadOnlyList<Rival> rivals)
    {
        (_device, _policy, _judge, _pairs) = (device, policy, new(policy), new int[device.Series]);
        _past = [.. Enumerable.Range(0, device.Series).Select(_ => new List<PastNight>())];
        _alerts = [.. Enumerable.Range(0, device.Series).Select(_ => new List<int>())];
        _rivals = [.. from series in Enumerable.Range(0, device.Series) from rival in rivals select new RivalSeries(rival, series)];
    }

    public async Task<IReadOnlyList<SeriesReport>> RunAsync(int nights, CancellationToken cancellation)
    {
        for (var night = 0; night < nights; night++) await RunNightAsync(night, cancellation);
        var ours = Enumerable.Range(0, _device.Series).Select(series =>
            new SeriesReport(DetectorBenchmark.Ours, true, _device.ChangeOf(series), _alerts[series], _pairs[series]));
        return [.. ours, .. _rivals.Select(rival =>
            new SeriesReport(rival.Rival.Name, rival.Rival.Paired, _device.ChangeOf(rival.Series), rival.Alerts, 0))];
    }

    async Task RunNightAsync(int night, CancellationToken cancellation)
    {
        var environment = _device.Environment(night);
        var floor = NoiseFloor.Of(_controls, _policy);
        var isOut = environment is not null && ControlIsOut(floor);
        // Tonight's control is judged by earlier ones; where there are too few, it at least says how little is known tonight.
        if (!floor.IsKnown) floor = NoiseFloor.Of(_controls, _policy);
        _canary.Add(environment is { } added ? _device.Absolute(added, 0) : null);
        var tonight = Enumerable.Range(0, _device.Series).Select(series => environment is null ? (double?)null
            : HodgesLehmann.Estimate(_device.Pairs(_device.Truth(series, night), _policy.Pairs, _device.Residual()))).ToArray();
        await JudgeAsync(night, [.. tonight.Select((effect, series) => new SeriesNight($"{series}", new(_past[series]), effect, floor,
            _canary, isOut, $"{series} {night} {effect:R}"))], cancellation);
        foreach (var rival in _rivals)
            rival.Look(night, rival.Rival.Paired ? tonight[rival.Series]
                : environment is { } value ? _device.Absolute(value, _device.Truth(rival.Series, night)) : null);
    }

    async Task JudgeAsync(int night, IReadOnlyList<SeriesNight> series, CancellationToken cancellation)
    {
        // The pairs of one confirmation are one session, however many rounds it takes.
        var residuals = Enumerable.Range(0, series.Count).Select(_ => _device.Residual()).ToArray();
        var judgements = await _judge.JudgeAsync(series, (asked, reference, pairs, _) =>
        {
            var index = int.Parse(asked.Key, System.Globalization.CultureInfo.InvariantCulture);
            _pairs[index] += pairs;
            var truth = _device.Truth(index, night) - (reference < 0 ? 0 : _device.Truth(index, reference));
            return Task.FromResult<IReadOnlyList<double>>(_device.Pairs(truth, pairs, residuals[index]));
        }, cancellation);
        Judged?.Invoke(night, judgements);
        for (var index = 0; index < judgements.Count; index++)
        {
            if (judgements[index].Outcome == Outcome.Regression) _alerts[index].Add(night);
            _past[index].Add(judgements[index].Remembered($"{night}"));
        }
    }

    // A control that is out is taken once more before it is believed; both are controls that the floor learns from.
    bool ControlIsOut(NoiseFloor floor)
    {
        var control = _device.Control();
        _controls.Add(control);
        if (floor.Contains(control)) return false;
        var again = _device.Control();
        _controls.Add(again);
        return !floor.Contains(again);
    }
}

/// <summary>A rival on one series. A change that it goes on reporting is one report.</summary>
sealed class RivalSeries(Rival rival, int series)
{
    const int SameChange = 2;

    readonly IDetector _detector = rival.Create();
    readonly List<double?> _nights = [];
    readonly List<int> _reported = [];

    public Rival Rival { get; } = rival;
    public int Series { get; } = series;
    public List<int> Alerts { get; } = [];

    public void Look(int night, double? value)
    {
        _nights.Add(value);
        if (_detector.SlowerSince(_nights) is not { } since || _reported.Exists(known => Math.Abs(known - since) <= SameChange)) return;
        _reported.Add(since);
        Alerts.Add(night);
    }
}
