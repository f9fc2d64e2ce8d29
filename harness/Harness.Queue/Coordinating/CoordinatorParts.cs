using Harness.Queue.Blobs;
using Harness.Queue.Protocol;

namespace Harness.Queue.Coordinating;

/// <summary>What a coordinator stands on.</summary>
public sealed record CoordinatorParts(IJobQueue Queue, IJobLedger Ledger, IBlobStore Blobs, DeviceRegistry Devices, FleetJournal Journal,
    SignatureCheck Signatures, QueueRules Rules, TimeProvider Time)
{
    /// <summary>Observations of one run, compressed, may not be longer.</summary>
    public long LargestResult { get; init; } = 256L << 20;
    /// <summary>How often requests that wait look again by themselves.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromSeconds(1);
    /// <summary>Runs in a row that fail for the device's sake before it gets no more jobs.</summary>
    public int InfraErrorsToQuarantine { get; init; } = 3;
}
