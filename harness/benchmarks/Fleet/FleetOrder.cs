namespace Harness.Benchmarks.Fleet;

/// <summary>What the process of simulated agents is told.</summary>
/// <param name="Keys">Seeds of the agents' keys, one each.</param>
/// <param name="Jobs">Ids by seed of the trial: the hash of a job need not be computed again.</param>
/// <param name="Blob">Hash of observations that the coordinator has already.</param>
sealed record FleetOrder(string Url, string[] Keys, string[] Jobs, string Card, string Blob, int Bytes, bool Signed);
