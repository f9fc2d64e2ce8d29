using Harness.Agent.Running;

namespace Harness.Agent.Drivers.Programs;

/// <summary>
/// Runs trials in another program of this machine that serves trials as <c>PROGRAM worker</c> and prints the device card it sees as
/// <c>PROGRAM describe</c>: <c>harness-device</c>, also under an emulator.
/// </summary>
public sealed class ProgramAgent : IDeviceAgent
{
    readonly WorkerCommand program;
    readonly DirectoryInfo cache;
    readonly DriverOptions options;
    readonly TimeProvider time;
    readonly WorkerRuns runs;
    DeviceCard? card;

    /// <param name="program">The command before the word that says what to do, e.g. <c>qemu-aarch64-static harness-device</c>.</param>
    /// <param name="cache">Holds datasets and intermediate files.</param>
    public ProgramAgent(WorkerCommand program, DirectoryInfo cache, DriverOptions options, TimeProvider time)
    {
        (this.program, this.cache, this.options, this.time) = (program, cache, options, time);
        runs = new(new LocalPlace(With("worker"), EnvironmentOf, time), options.Limits, time);
    }

    /// <summary>Asks the program, once.</summary>
    /// <exception cref="HarnessException">The program does not start, or what it prints is no device card.</exception>
    public async ValueTask<DeviceCard> DescribeAsync(CancellationToken cancellation) => card ??= await AskAsync(cancellation);

    async Task<DeviceCard> AskAsync(CancellationToken cancellation) =>
        await PrintedCard.AskAsync(With("describe"), EnvironmentFor(threads: 1), time, cancellation) with { Class = options.Class };

    public IAsyncEnumerable<Observation> RunAsync(Trial trial, CancellationToken cancellation) =>
        runs.ObserveAsync(options.RequestFor(trial, cache.FullName), cancellation);

    /// <summary>Ends every run that is still going on as aborted.</summary>
    public ValueTask DisposeAsync() => runs.DisposeAsync();

    WorkerCommand With(string word) => program with { Arguments = [.. program.Arguments, word] };

    static Dictionary<string, string> EnvironmentOf(RunRequest request) => EnvironmentFor(request.Threads);

    // Emulators of processors lose track of code that .NET maps twice, and crash in the first garbage collection.
    static Dictionary<string, string> EnvironmentFor(int threads) =>
        new(StringComparer.Ordinal) { ["OMP_NUM_THREADS"] = $"{threads}", ["DOTNET_EnableWriteXorExecute"] = "0" };
}
