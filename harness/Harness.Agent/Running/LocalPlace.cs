namespace Harness.Agent.Running;

/// <summary>Starts workers as child processes of the agent.</summary>
/// <param name="environmentOf">What is set for a run on top of the agent's own environment.</param>
sealed class LocalPlace(WorkerCommand command, Func<RunRequest, IReadOnlyDictionary<string, string>> environmentOf, TimeProvider time)
    : IWorkerPlace
{
    public Task<IWorkerChannel> StartAsync(RunRequest request, CancellationToken cancellation) =>
        Task.FromResult<IWorkerChannel>(WorkerProcess.Start(command, environmentOf(request), time));
}
