using System.Diagnostics.CodeAnalysis;
using System.Text;
using Harness.Queue.Protocol;

namespace Harness.Queue.Coordinating;

/// <summary>
/// The authority of a fleet: it alone decides who holds which job and which result counts. It knows no transport; whoever carries messages
/// to it vouches for who sent them.
/// </summary>
public sealed class Coordinator : IAsyncDisposable
{
    readonly CoordinatorParts _parts;
    readonly LeaseWaiters _waiters;
    readonly DeviceDesk _devices;
    readonly OperatorDesk _operators;
    readonly CancellationTokenSource _ended = new();
    readonly Task _looking;

    public Coordinator(CoordinatorParts parts)
    {
        _parts = parts;
        _waiters = new LeaseWaiters(parts.Time);
        var board = new ProgressBoard(parts.Time);
        _devices = new DeviceDesk(parts, _waiters, board);
        _operators = new OperatorDesk(parts, _waiters, board, _devices);
        _looking = LookAsync();
    }

    public CoordinatorParts Parts => _parts;

    /// <summary>Answers a request of a device.</summary>
    /// <param name="name">The device that sent it, as the transport knows it.</param>
    public ValueTask<byte[]> AskedByDeviceAsync(string name, string verb, ReadOnlyMemory<byte> message, CancellationToken cancellation) =>
        GuardedAsync(name, verb, message, cancel => _devices.AnswerAsync(Admitted(name), verb, message, cancel), cancellation);

    /// <summary>Answers a request of an operator.</summary>
    public ValueTask<byte[]> AskedByOperatorAsync(string verb, ReadOnlyMemory<byte> message, CancellationToken cancellation) =>
        GuardedAsync("operator", verb, message, cancel => _operators.AnswerAsync(verb, message, cancel), cancellation);

    /// <summary>
    /// Answers the holder of a token. Its key is let in until <see cref="DeviceRegistry.Answered"/>, because the answer needs its
    /// connection.
    /// </summary>
    public ValueTask<byte[]> AskedByTokenAsync(string tokenHash, ReadOnlyMemory<byte> message, CancellationToken cancellation) =>
        GuardedAsync("enrol", "enrol", message, _ => EnrolAsync(tokenHash, Frame.Read<EnrolRequest>(message)),
            cancellation);

    /// <summary>Notes a message that was refused before it could be a request.</summary>
    public void Refused(string device, string verb, Refusal refusal, string reason) =>
        _parts.Journal.Refused(device, verb, refusal, reason);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _looking;
        _ended.Dispose();
    }

    FleetDevice Admitted(string name)
    {
        var device = _parts.Devices.FindOrNull(name) ?? throw new RefusedException(Refusal.NotEnrolled, "No such device is enrolled.");
        return device.Revoked ? throw new RefusedException(Refusal.Revoked, "The device's key was revoked.") : device;
    }

    async ValueTask<byte[]> EnrolAsync(string tokenHash, EnrolRequest request)
    {
        var statement = EnrolRequest.Statement(tokenHash, request.Name, request.PublicKey);
        if (!_parts.Signatures(request.PublicKey, Encoding.UTF8.GetBytes(statement), request.Signature ?? ""))
            throw new RefusedException(Refusal.WrongSignature, "The key did not sign its own enrolment.");
        var device = _parts.Devices.Enrol(tokenHash, request);
        await _parts.Devices.AnnounceAsync();
        _parts.Journal.Note(device.Name, $"enrolled for class {device.Class}: {request.Card.Processor}, {request.Card.OperatingSystem}");
        return Frame.Write(new Answer<EnrolAnswer>(new(device.Name, device.Class)));
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types",
        Justification = "A bug met by one request must not end the fleet.")]
    async ValueTask<byte[]> GuardedAsync(string name, string verb, ReadOnlyMemory<byte> message,
        Func<CancellationToken, ValueTask<byte[]>> answer, CancellationToken cancellation)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _ended.Token);
        try
        {
            if (message.Length > Frame.MaximumBytes)
                throw new RefusedException(Refusal.Oversized,
                    $"A message of {message.Length} bytes is above the limit of {Frame.MaximumBytes}.");
            return await answer(linked.Token);
        }
        catch (RefusedException refused)
        {
            return Refuse(name, verb, refused.Refusal, refused.Message);
        }
        catch (QueueUnavailableException unavailable)
        {
            return Refuse(name, verb, Refusal.Unavailable, unavailable.Message);
        }
        catch (HarnessException wrong)
        {
            return Refuse(name, verb, Refusal.Malformed, wrong.Message);
        }
        catch (OperationCanceledException)
        {
            return Refuse(name, verb, Refusal.Unavailable, "The coordinator is ending.");
        }
        catch (Exception bug)
        {
            return Refuse(name, verb, Refusal.Unavailable, $"{bug.GetType().Name}: {bug.Message}");
        }
    }

    byte[] Refuse(string name, string verb, Refusal refusal, string reason)
    {
        if (!_ended.IsCancellationRequested) _parts.Journal.Refused(name, verb, refusal, reason);
        return Frame.Write(new Answer<Done>(null, refusal, reason.Length > 1000 ? reason[..1000] : reason));
    }

    async Task LookAsync()
    {
        using var timer = new PeriodicTimer(_parts.Look, _parts.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token)) _waiters.WakeFirsts();
        }
        catch (OperationCanceledException) { }
    }
}
