using Harness.Agent.Running;

namespace Harness.Agent.Drivers.Slurm;

/// <summary>Which cluster, and what its jobs run.</summary>
/// <param name="Worker">The worker as the nodes see it; started with the word <c>worker</c> or <c>describe</c> after its arguments.</param>
/// <param name="Folder">A folder that this machine and the nodes share under the same path: lines, logs, datasets.</param>
public sealed record SlurmOptions(WorkerCommand Worker, DirectoryInfo Folder)
{
    /// <summary>Null takes the cluster's default.</summary>
    public string? Partition { get; init; }
    /// <summary>Accelerators that each job asks for, <c>--gres=gpu:N</c>; 0 asks for none.</summary>
    public int Gpus { get; init; }
    /// <summary>Further arguments of <c>sbatch</c>, e.g. an account.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
    /// <summary>Set for Slurm's own programs, e.g. <c>SLURM_CONF</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    /// <summary>Time between two looks at the state of a job; its lines are looked at ten times a second.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(2);
}
