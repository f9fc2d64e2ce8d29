using System.Text.Json;
using Harness.Queue.Blobs;
using Harness.Queue.Nats.Keys;
using Harness.Queue.Protocol;

namespace Harness.Queue.Nats.Serving;

/// <summary>What lets a person on the coordinator's machine, or one to whom the file was given, steer the fleet and submit jobs.</summary>
/// <param name="Seed">The operator's key: the file is as secret as a password.</param>
public sealed record OperatorFile(string Url, string Authority, string Seed)
{
    public const string Name = "operator.json";

    public FleetAddress Address => new(Url, Authority);
    public IFleetLink Connect() => FleetLinks.ForOperator(Address, DeviceKey.FromSeed(Seed));

    /// <exception cref="HarnessException">There is no such file, or it is damaged.</exception>
    public static OperatorFile Read(DirectoryInfo folder)
    {
        var file = new FileInfo(Path.Combine(folder.FullName, Name));
        if (!file.Exists)
            throw new HarnessException($"There is no '{file.FullName}': start a coordinator with `harness coordinator up`, or name its "
                + "folder with --fleet-folder or HARNESS_FLEET.");
        try
        {
            return JsonSerializer.Deserialize<OperatorFile>(File.ReadAllBytes(file.FullName), CanonicalJson.Options)!;
        }
        catch (JsonException damaged)
        {
            throw new HarnessException($"'{file.FullName}' is damaged: {damaged.Message} Starting the coordinator writes it anew.",
                damaged);
        }
    }

    public void Write(DirectoryInfo folder) =>
        DurableFile.Replace(Path.Combine(folder.FullName, Name), JsonSerializer.SerializeToUtf8Bytes(this, CanonicalJson.Options));
}
