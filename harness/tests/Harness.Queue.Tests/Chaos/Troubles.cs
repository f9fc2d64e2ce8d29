using System.Runtime.CompilerServices;
using System.Text.Json;
using Harness.Queue.Blobs;
using Harness.Queue.Protocol;

namespace Harness.Queue.Tests.Chaos;

/// <summary>
/// A network that loses, repeats, delays and cuts, as its seed says. It stands in for a bad line: the faults are injected in the link and
/// not
/// in the kernel.
/// </summary>
sealed class TroubledLink(IFleetLink link, int seed) : IFleetLink
{
    readonly Random _chance = new(seed);
    readonly Lock _gate = new();

    /// <summary>True from the moment when its agent is killed: nothing more leaves the device, not even a farewell.</summary>
    public bool Dead { get; set; }

    /// <summary>False lets everything pass, so that a run can come to its end.</summary>
    public bool Troubled { get; set; } = true;

    public async ValueTask<ReadOnlyMemory<byte>> AskAsync(string verb, ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        Mishap mishap;
        int milliseconds;
        lock (_gate) (mishap, milliseconds) = (ChaosScript.Next(_chance), _chance.Next(5, 60));
        if (Dead) throw new LinkDownException("The device is gone.");
        if (!Troubled) return await link.AskAsync(verb, request, cancellation);
        switch (mishap)
        {
            case Mishap.LostRequest: throw new LinkDownException("The request was lost.");
            case Mishap.Slow: await Task.Delay(milliseconds, cancellation); break;
            case Mishap.SentTwice: await link.AskAsync(verb, request, cancellation); break;
            case Mishap.CutUpload when verb == "put" && Frame.PieceOf(request).Length > 1:
                await link.AskAsync(verb, request[..^(Frame.PieceOf(request).Length / 2)], cancellation);
                throw new LinkDownException("The upload was cut.");
        }
        var answer = await link.AskAsync(verb, request, cancellation);
        return mishap == Mishap.LostAnswer || Dead ? throw new LinkDownException("The answer was lost.") : answer;
    }

    public ValueTask DisposeAsync() => link.DisposeAsync();
}

/// <summary>
/// A device whose answer follows from the trial, so that every stored result can be checked; its disk is full now and then.
/// </summary>
sealed class TroubledDevice(int seed) : IDeviceAgent
{
    public const int Predictions = 400;

    readonly Random _chance = new(seed);

    public bool Troubled { get; set; } = true;

    public static DeviceCard Card { get; } = new("card", "cpu", "abacus", 1, 1 << 20, "none", "none") { Emulated = true };

    public ValueTask<DeviceCard> DescribeAsync(CancellationToken cancellation) => ValueTask.FromResult(Card);

    public async IAsyncEnumerable<Observation> RunAsync(Trial trial, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (full, milliseconds) = (_chance.Next(40) == 0 && Troubled, _chance.Next(0, 25));
        yield return new Hello(1, "chaos", "1");
        yield return new PhaseStarted("train");
        await Task.Delay(milliseconds, cancellation);
        // What a write to a full disk throws; the file of the observations would throw the same here.
        if (full) throw new IOException("No space left on device");
        yield return new Predicted(0, Expected(trial));
        yield return new Finished(RunState.Ok, null);
    }

    public static IReadOnlyList<JsonElement> Expected(Trial trial)
    {
        var chance = new Random(trial.Seed);
        return [.. Enumerable.Range(0, Predictions).Select(_ => JsonSerializer.SerializeToElement(chance.Next()))];
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A store of contents on a disk that is full now and then.</summary>
sealed class TroubledBlobs(IBlobStore blobs, int seed) : IBlobStore
{
    readonly Random _chance = new(seed);
    readonly Lock _gate = new();

    public bool Troubled { get; set; } = true;

    public ValueTask<bool> HasAsync(string hash, CancellationToken cancellation) => blobs.HasAsync(hash, cancellation);

    public ValueTask<byte[]> ReadAsync(string hash, long offset, int most, CancellationToken cancellation) =>
        blobs.ReadAsync(hash, offset, most, cancellation);

    public ValueTask<long> WriteAsync(string owner, string hash, long total, long offset, ReadOnlyMemory<byte> piece,
        CancellationToken cancellation)
    {
        bool full;
        lock (_gate) full = _chance.Next(40) == 0;
        return full && Troubled ? throw new QueueUnavailableException("The content cannot be kept: No space left on device")
            : blobs.WriteAsync(owner, hash, total, offset, piece, cancellation);
    }
}

/// <summary>A wall clock that jumps; the clock that measures spans does not, as on a real machine.</summary>
sealed class JumpingTime : TimeProvider
{
    long _offset;

    public void Jump(TimeSpan by) => Interlocked.Add(ref _offset, by.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _offset));
}
