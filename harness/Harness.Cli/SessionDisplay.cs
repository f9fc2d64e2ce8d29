using System.Globalization;
using Harness.Core.Dispatch;

namespace Harness.Cli;

/// <summary>Tells how a session goes: one rewritten line with the time left on a terminal, plain lines when redirected.</summary>
sealed class SessionDisplay(Terminal terminal, TimeProvider time) : IProgress<SessionEvent>
{
    static readonly TimeSpan EpochPeriod = TimeSpan.FromSeconds(2);

    readonly long _start = time.GetTimestamp();
    long _trialStart = time.GetTimestamp();
    long? _lastEpoch;

    public void Report(SessionEvent value)
    {
        switch (value)
        {
            case TrialStarted started:
                (_trialStart, _lastEpoch) = (time.GetTimestamp(), null);
                Status(started, "starting");
                if (!terminal.ProgressDrawn) Line($"{Counter(started.Progress)} {Name(started.Trial)}{On(started.Device)}");
                break;
            case TrialPhase phase: Status(phase, phase.Phase); break;
            case TrialEpoch epoch:
                var text = Epoch(epoch);
                Status(epoch, text);
                if (!terminal.ProgressDrawn && IsDue()) Line($"{Counter(epoch.Progress)}   {text}");
                break;
            case TrialSkipped skipped: Line($"{Counter(skipped.Progress)} {Name(skipped.Trial)}: {skipped.Reason}, skipped"); break;
            case TrialFinished finished: Line($"{Counter(finished.Progress)} {Name(finished.Trial)}: {Result(finished)}"); break;
        }
    }

    // Epochs of milliseconds would drown the log; the curve is stored whole anyway.
    bool IsDue()
    {
        var due = _lastEpoch is null || time.GetElapsedTime(_lastEpoch.Value) > EpochPeriod;
        if (due) _lastEpoch = time.GetTimestamp();
        return due;
    }

    static string Epoch(TrialEpoch epoch) =>
        string.Create(CultureInfo.InvariantCulture, $"epoch {epoch.Point.Epoch}  loss {epoch.Point.Loss:G4}") + Selection(epoch.Point);

    static string Selection(TrainingPoint point) =>
        point.Validation is { } score ? string.Create(CultureInfo.InvariantCulture, $"  validation {100 * score:0.00} %") : "";

    static string Result(TrialFinished finished)
    {
        var took = Numbers.Time(finished.Run.Ended - finished.Run.Started);
        var primary = finished.Run.Metrics.FirstOrDefault(metric => metric.Primary);
        return finished.Run.State == RunState.Ok && primary is not null
            ? $"{primary.Metric} {Numbers.Of(primary.Value, primary.Unit)}  in {took}"
            : $"{finished.Run.State} after {took}: {finished.Run.Reason}";
    }

    void Status(SessionEvent value, string text)
    {
        if (!terminal.ProgressDrawn) return;
        var left = value.Progress.Remaining is { } remaining ? $"  about {Numbers.Time(remaining)} left" : "";
        var line = $"{Counter(value.Progress)} {Name(value.Trial)}  {text}  {Numbers.Time(time.GetElapsedTime(_trialStart))}{left}";
        var width = Math.Max(20, Console.BufferWidth - 1);
        terminal.Messages.Write("\r" + (line.Length > width ? line[..width] : line.PadRight(width)));
    }

    void Line(string text)
    {
        if (terminal.ProgressDrawn) terminal.Messages.WriteLine("\r" + text.PadRight(Math.Max(0, Console.BufferWidth - 1)));
        else terminal.Messages.WriteLine($"{Numbers.Time(time.GetElapsedTime(_start))} {text}");
    }

    static string Counter(SessionProgress progress) => $"[{progress.Position}/{progress.Total}]";

    static string On(string? device) => device is null ? "" : $" on device {device}";

    static string Name(Trial trial) => $"{trial.Family.Split('@')[0]} on {trial.Protocol.Split('@')[0]} seed {trial.Seed}";
}
