using System.Globalization;

namespace Harness.Queue.Tests.Chaos;

/// <summary>What goes wrong with the whole fleet at a moment.</summary>
enum Blow { KillAgent, KillServer, RestartCoordinator, ClockForward, ClockBack }

/// <param name="At">When so many results have been accepted.</param>
/// <param name="Target">The agent, for <see cref="Blow.KillAgent"/>.</param>
sealed record ChaosStep(int At, Blow Blow, int Target);

/// <summary>What goes wrong with one request.</summary>
enum Mishap { None, LostRequest, LostAnswer, SentTwice, Slow, CutUpload }

/// <summary>The faults of a run, all of them following from the seed: the same seed gives the same script.</summary>
sealed class ChaosScript
{
    // What a fault costs depends on timing, which no seed decides; which faults come, when, and to whom, does.
    public ChaosScript(int seed, int jobs, int agents)
    {
        var chance = new Random(seed);
        var blows = Math.Max(6, jobs / 40);
        var steps = new List<ChaosStep>();
        for (var index = 0; index < blows; index++)
        {
            // Each kind at least once, the rest by chance; agents die more often than anything else.
            var blow = index < 5 ? (Blow)index : chance.Next(10) switch { < 5 => Blow.KillAgent, 5 or 6 => Blow.KillServer,
                7 => Blow.RestartCoordinator, 8 => Blow.ClockForward, _ => Blow.ClockBack };
            steps.Add(new(chance.Next(Math.Max(1, jobs * 9 / 10)), blow, chance.Next(agents)));
        }
        Steps = [.. steps.OrderBy(step => step.At).ThenBy(step => step.Blow)];
        LinkSeeds = [.. Enumerable.Range(0, agents).Select(_ => chance.Next())];
        DeviceSeeds = [.. Enumerable.Range(0, agents).Select(_ => chance.Next())];
        DiskSeed = chance.Next();
    }

    public IReadOnlyList<ChaosStep> Steps { get; }
    public IReadOnlyList<int> LinkSeeds { get; }
    public IReadOnlyList<int> DeviceSeeds { get; }
    public int DiskSeed { get; }

    /// <summary>The next mishap of a link; the sequence belongs to its seed.</summary>
    public static Mishap Next(Random chance) => chance.Next(100) switch
    {
        < 2 => Mishap.LostRequest, < 4 => Mishap.LostAnswer, < 7 => Mishap.SentTwice, < 12 => Mishap.Slow, < 16 => Mishap.CutUpload,
        _ => Mishap.None,
    };

    public override string ToString() => string.Join(", ", Steps.Select(step => string.Create(CultureInfo.InvariantCulture,
        $"{step.At}: {step.Blow}{(step.Blow == Blow.KillAgent ? $" {step.Target}" : "")}")))
        + $"; links {string.Join(' ', LinkSeeds.Select(Beginning))}; disks {Beginning(DiskSeed)}";

    static string Beginning(int seed)
    {
        var chance = new Random(seed);
        return string.Concat(Enumerable.Range(0, 12).Select(_ => "·qa2sc"[(int)Next(chance)]));
    }
}
