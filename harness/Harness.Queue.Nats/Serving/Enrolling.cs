using System.Text;
using System.Text.Json;
using Harness.Queue.Blobs;
using Harness.Queue.Coordinating;
using Harness.Queue.Nats.Keys;
using Harness.Queue.Protocol;

namespace Harness.Queue.Nats.Serving;

/// <summary>What an agent keeps of its enrolment; its key lies beside it.</summary>
public sealed record Enrolment(string Url, string Authority, string Name, string Class);

/// <summary>Takes a device into a fleet, once; afterwards its own key opens the door.</summary>
public static class Enrolling
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    const int Tries = 25;

    public static DeviceKey KeyIn(DirectoryInfo state) => DeviceKey.OpenOrCreate(new(Path.Combine(state.FullName, "device.seed")));

    public static Enrolment? ReadOrNull(DirectoryInfo state) => FileIn(state) is { Exists: true } file
        ? JsonSerializer.Deserialize<Enrolment>(File.ReadAllBytes(file.FullName), CanonicalJson.Options) : null;

    /// <summary>The enrolment of an agent's folder; where there is none yet, what was given enrols the device.</summary>
    /// <param name="describe">Describes the device.</param>
    /// <exception cref="HarnessException">There is none and something is missing, or the token is refused.</exception>
    public static async Task<Enrolment> OpenAsync(DirectoryInfo state, string? url, string? token, string? name,
        Func<ValueTask<DeviceCard>> describe, CancellationToken cancellation)
    {
        if (ReadOrNull(state) is { } known) return known;
        var given = EnrolmentToken.Parse(Given(token, "--token"));
        return await EnrolAsync(new FleetAddress(Given(url, "--coordinator"), given.Authority).Checked(), given,
            DeviceRegistry.CheckName(Given(name, "--name")), await describe(), state, cancellation);
    }

    static string Given(string? value, string option) => value
        ?? throw new HarnessException($"This folder holds no enrolment yet: {option} is needed; enrolling takes "
            + "--coordinator, --token and --name, once.");

    /// <summary>
    /// Asks with the token for the device's key to be taken in. The key is written before, so that an answer that is lost costs nothing:
    /// where
    /// the token is used up already, the key is tried.
    /// </summary>
    /// <exception cref="HarnessException">The token is refused, or the coordinator cannot be reached.</exception>
    public static async Task<Enrolment> EnrolAsync(FleetAddress address, EnrolmentToken token, string name, DeviceCard card,
        DirectoryInfo state, CancellationToken cancellation)
    {
        var key = KeyIn(state);
        var request = new EnrolRequest(name, key.Public, card,
            key.Sign(Encoding.UTF8.GetBytes(EnrolRequest.Statement(token.Hash, name, key.Public))));
        var answer = await ReachedAsync<EnrolAnswer>(async () =>
        {
            await using var link = FleetLinks.ForToken(address, token);
            return await link.AskAsync<EnrolRequest, EnrolAnswer>(token.Hash, request, cancellation);
        }, cancellation);
        var enrolment = new Enrolment(address.Url, address.Authority, answer.Name, answer.Class);
        DurableFile.Replace(FileIn(state).FullName, JsonSerializer.SerializeToUtf8Bytes(enrolment, CanonicalJson.Options));
        await AdmittedAsync(enrolment, key, cancellation);
        return enrolment;
    }

    /// <summary>The server learns of a new key a moment after the answer.</summary>
    static Task AdmittedAsync(Enrolment enrolment, DeviceKey key, CancellationToken cancellation) => ReachedAsync(async () =>
    {
        await using var link = FleetLinks.ForDevice(new(enrolment.Url, enrolment.Authority), key, enrolment.Name);
        return await link.AskAsync<Done, ClockAnswer>("clock", new(true), cancellation);
    }, cancellation);

    static async Task<T> ReachedAsync<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try { return await ask(); }
            catch (LinkDownException) when (attempt < Tries) { await Task.Delay(Pause, TimeProvider.System, cancellation); }
        }
    }

    static FileInfo FileIn(DirectoryInfo state) => new(Path.Combine(state.FullName, "enrolment.json"));
}
