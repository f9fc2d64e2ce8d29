namespace Suites.LlmEdge.Families;

/// <summary>Makes one curve of the curves of trainings one after another: each goes on counting where the one before ended.</summary>
sealed class ContinuedCurve(IProgress<TrainingPoint> curve) : IProgress<TrainingPoint>
{
    int _epochs, _last;
    double _seconds, _lastSeconds;

    public void Report(TrainingPoint value)
    {
        if (_epochs + value.Epoch <= _last) (_epochs, _seconds) = (_last, _lastSeconds);
        (_last, _lastSeconds) = (_epochs + value.Epoch, _seconds + value.Seconds);
        curve.Report(value with { Epoch = _last, Seconds = _lastSeconds });
    }
}
