using System.Collections.Concurrent;
using System.Text.Json;
using Harness.Queue.Blobs;
using Harness.Queue.Protocol;

namespace Harness.Queue.Coordinating;

/// <summary>
/// The devices of a fleet. Who may come in is kept in one file, replaced as a whole before a change is answered; what a device does at
/// the moment is kept in memory only, since the device says it again.
/// </summary>
public sealed class DeviceRegistry
{
    const int LongestName = 40;

    readonly Lock _gate = new();
    readonly FileInfo _file;
    readonly TimeProvider _time;
    readonly ConcurrentDictionary<string, Live> _live = new(StringComparer.Ordinal);
    readonly List<EnrolToken> _answering = [];
    /// <summary>Replaced as a whole with every change: every request looks its device up.</summary>
    Dictionary<string, FleetDevice> _byName;
    Roll _roll;

    public DeviceRegistry(FileInfo file, TimeProvider time)
    {
        (_file, _time) = (file, time);
        _roll = file.Exists ? Read(file) : new([], []);
        _byName = Named(_roll);
    }

    /// <summary>Without a word for so long a device counts as offline.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>Tells the server which keys to let in, and returns when it does; set by whoever runs the server.</summary>
    public Func<Task> AnnounceAsync { get; set; } = () => Task.CompletedTask;

    public IReadOnlyList<FleetDevice> Devices { get { lock (_gate) return _roll.Devices; } }

    /// <summary>Tokens that may still be used.</summary>
    public IReadOnlyList<EnrolToken> Tokens
    {
        get { lock (_gate) return [.. _roll.Tokens.Where(token => token.Expires > _time.GetUtcNow())]; }
    }

    /// <summary>
    /// Keys of tokens that the server is to let in: the open ones, and those that still wait for the answer that burned them.
    /// </summary>
    public IReadOnlyList<EnrolToken> TokensLetIn { get { lock (_gate) return [.. Tokens, .. _answering]; } }

    public FleetDevice? FindOrNull(string name) => Volatile.Read(ref _byName).GetValueOrDefault(name);

    /// <exception cref="HarnessException">No such device; the message lists those there are.</exception>
    public FleetDevice Find(string name) => FindOrNull(name) ?? throw new HarnessException(
        $"There is no device '{name}'; enrolled are {string.Join(", ", Devices.Select(device => device.Name).DefaultIfEmpty("none"))}.");

    /// <summary>Names become subjects and files, so they are plain.</summary>
    public static string CheckName(string name) =>
        name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            ? name
            : throw new HarnessException($"'{ShownName(name)}' is no name for a device or a class: use 1 to {LongestName} lower-case "
                + "letters, digits and dashes.");

    public void Add(EnrolToken token)
    {
        CheckName(token.Class);
        Change(roll => roll with { Tokens = [.. roll.Tokens.Where(known => known.Expires > _time.GetUtcNow()), token] });
    }

    /// <summary>Turns a token into a device, in one write.</summary>
    /// <exception cref="RefusedException">The token is not open, or the name is another device's.</exception>
    public FleetDevice Enrol(string tokenHash, EnrolRequest request)
    {
        CheckName(request.Name);
        FleetDevice? device = null;
        Change(roll =>
        {
            var token = roll.Tokens.FirstOrDefault(known => known.Hash == tokenHash && known.Expires > _time.GetUtcNow())
                ?? throw new RefusedException(Refusal.WrongToken,
                    "The token is unknown, used or past its time; make one with `harness device token`.");
            if (roll.Devices.Any(known => known.Name == request.Name))
                throw new RefusedException(Refusal.NotAllowed,
                    $"The name '{request.Name}' is another device's; choose one that was never used.");
            _answering.Add(token);
            device = new FleetDevice(request.Name, token.Class, request.PublicKey, _time.GetUtcNow()) { Card = request.Card };
            return new([.. roll.Devices, device], [.. roll.Tokens.Where(known => known != token)]);
        });
        return device!;
    }

    /// <summary>Takes in many devices at once, for tests and benchmarks of whole fleets.</summary>
    public void Add(IReadOnlyList<FleetDevice> devices) => Change(roll => roll with { Devices = [.. roll.Devices, .. devices] });

    /// <summary>The answer to an enrolment is out: its token's key need not be let in any longer.</summary>
    public void Answered(string tokenHash)
    {
        lock (_gate) _answering.RemoveAll(token => token.Hash == tokenHash);
    }

    public void Update(string name, Func<FleetDevice, FleetDevice> change)
    {
        Find(name);
        Change(roll => roll with { Devices = [.. roll.Devices.Select(device => device.Name == name ? change(device) : device)] });
    }

    /// <summary>Keeps what a device says of itself; writes only what is worth a write.</summary>
    public void Note(string name, HelloRequest hello)
    {
        var device = Find(name);
        var told = device with
        {
            Card = hello.Card, Driver = hello.Driver, Health = hello.Health ?? device.Health, Clock = device.Clock ?? hello.Clock,
        };
        if (CanonicalJson.Write(told) != CanonicalJson.Write(device)) Update(name, _ => told);
        var live = LiveOf(name);
        lock (live)
        {
            (live.Seen, live.Said, live.Note) = (_time.GetTimestamp(), hello.State, hello.Note);
            (live.Celsius, live.Battery, live.Clock) = (hello.Celsius, hello.BatteryPercent, hello.Clock ?? live.Clock);
            if (hello.State is DeviceState.Idle or DeviceState.Cooling or DeviceState.Quarantined) live.Job = null;
        }
    }

    /// <summary>Keeps a sign of life with what the device does.</summary>
    public void Note(string name, DeviceState state, string? job, double? celsius = null)
    {
        var live = LiveOf(name);
        lock (live)
        {
            (live.Seen, live.Said, live.Job) = (_time.GetTimestamp(), state, job);
            live.Celsius = celsius ?? live.Celsius;
        }
    }

    public DeviceStatus StatusOf(FleetDevice device)
    {
        var live = LiveOf(device.Name);
        lock (live)
        {
            var silent = live.Seen is null || _time.GetElapsedTime(live.Seen.Value) > Silence;
            var state = device.Revoked ? DeviceState.Retired : silent ? DeviceState.Offline
                : device.Quarantine is not null && live.Job is null ? DeviceState.Quarantined : live.Said;
            var seen = live.Seen is { } at ? _time.GetUtcNow() - _time.GetElapsedTime(at) : (DateTimeOffset?)null;
            return new(device with { Clock = live.Clock ?? device.Clock }, state, seen, silent ? null : live.Job, live.Note, live.Celsius,
                live.Battery);
        }
    }

    public IReadOnlyList<DeviceStatus> Statuses => [.. Devices.Select(StatusOf)];

    Live LiveOf(string name) => _live.GetOrAdd(name, _ => new());

    void Change(Func<Roll, Roll> change)
    {
        lock (_gate)
        {
            var next = change(_roll);
            try
            {
                DurableFile.Replace(_file.FullName, JsonSerializer.SerializeToUtf8Bytes(next, CanonicalJson.Options));
            }
            catch (IOException failure)
            {
                throw new QueueUnavailableException($"The register of devices cannot be written: {failure.Message}", failure);
            }
            _roll = next;
            Volatile.Write(ref _byName, Named(next));
        }
    }

    static Dictionary<string, FleetDevice> Named(Roll roll) => roll.Devices.ToDictionary(device => device.Name, StringComparer.Ordinal);

    static Roll Read(FileInfo file)
    {
        try
        {
            return JsonSerializer.Deserialize<Roll>(File.ReadAllBytes(file.FullName), CanonicalJson.Options)!;
        }
        catch (JsonException damaged)
        {
            throw new HarnessException($"The register of devices '{file.FullName}' is damaged: {damaged.Message} Restore it from a copy.",
                damaged);
        }
    }

    static string ShownName(string name) =>
        string.Concat(name.Take(LongestName).Select(letter => char.IsControl(letter) ? '·' : letter));

    sealed record Roll(IReadOnlyList<FleetDevice> Devices, IReadOnlyList<EnrolToken> Tokens);

    sealed class Live
    {
        public long? Seen { get; set; }
        public DeviceState Said { get; set; } = DeviceState.Offline;
        public string? Job { get; set; }
        public string? Note { get; set; }
        public double? Celsius { get; set; }
        public double? Battery { get; set; }
        public ClockOffset? Clock { get; set; }
    }
}
