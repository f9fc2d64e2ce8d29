using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Harness.Queue.Coordinating;
using Harness.Queue.Protocol;
using NATS.Client.Core;

namespace Harness.Queue.Nats.Serving;

/// <summary>
/// Carries requests from the server to the coordinator. Who sent one is known by its subject, because the server lets only the holder of a
/// key speak under its name; that the answer goes to the asker, and not to a subject of somebody else, is checked here.
/// </summary>
public sealed class FleetGate : IAsyncDisposable
{
    const int MostAtOnce = 16;

    readonly NatsConnection _connection;
    readonly Coordinator _coordinator;
    readonly CancellationTokenSource _ended = new();
    readonly ConcurrentDictionary<string, int> _busy = new(StringComparer.Ordinal);
    readonly Task[] _listening;

    /// <param name="connection">Of the coordinator itself, which may do everything.</param>
    public FleetGate(NatsConnection connection, Coordinator coordinator)
    {
        (_connection, _coordinator) = (connection, coordinator);
        _listening = [ListenAsync("fleet.*.*"), ListenAsync("control.*"), ListenAsync("enrol.*")];
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await Task.WhenAll(_listening);
        _ended.Dispose();
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A broken subscription is made again.")]
    async Task ListenAsync(string subject)
    {
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                await foreach (var message in _connection.SubscribeAsync<byte[]>(subject, cancellationToken: _ended.Token))
                    _ = Task.Run(() => TakeAsync(message), CancellationToken.None);
            }
            catch (OperationCanceledException) when (_ended.IsCancellationRequested) { return; }
            catch (Exception failure)
            {
                _coordinator.Refused("coordinator", subject, Refusal.Unavailable, $"listening broke off: {failure.Message}");
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, CancellationToken.None);
            }
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types",
        Justification = "An answer that cannot be sent is asked for again.")]
    async Task TakeAsync(NatsMsg<byte[]> message)
    {
        var parts = message.Subject.Split('.');
        var (kind, name, verb) = parts.Length == 3 ? (parts[0], parts[1], parts[2])
            : (parts[0], parts[0] == "control" ? "operator" : "enrol", parts[1]);
        var inbox = kind switch
        {
            "fleet" => ServerUsers.InboxOf(name), "control" => ServerUsers.OperatorInbox, _ => ServerUsers.EnrolInboxOf(verb),
        };
        if (message.ReplyTo is null || !message.ReplyTo.StartsWith(inbox + ".", StringComparison.Ordinal))
        {
            _coordinator.Refused(name, kind == "enrol" ? "enrol" : verb, Refusal.WrongReply,
                "the answer was asked for under a subject that is not the sender's");
            return;
        }
        var busy = _busy.AddOrUpdate(name, 1, (_, count) => count + 1);
        try
        {
            var answer = kind == "fleet" && busy > MostAtOnce ? TooMany(name, verb)
                : await AnswerAsync(kind, name, verb, message.Data ?? []);
            await _connection.PublishAsync(message.ReplyTo, answer, cancellationToken: _ended.Token);
            if (kind == "enrol") await AnsweredAsync(verb);
        }
        catch (OperationCanceledException) { }
        catch (Exception failure)
        {
            _coordinator.Refused(name, verb, Refusal.Unavailable, $"the answer could not be sent: {failure.Message}");
        }
        finally
        {
            _busy.AddOrUpdate(name, 0, (_, count) => count - 1);
        }
    }

    byte[] TooMany(string name, string verb)
    {
        const string reason = "The device has too many requests open.";
        _coordinator.Refused(name, verb, Refusal.Unavailable, reason);
        return Frame.Write(new Answer<Done>(null, Refusal.Unavailable, reason));
    }

    ValueTask<byte[]> AnswerAsync(string kind, string name, string verb, byte[] data) => kind switch
    {
        "fleet" => _coordinator.AskedByDeviceAsync(name, verb, data, _ended.Token),
        "control" => _coordinator.AskedByOperatorAsync(verb, data, _ended.Token),
        _ => _coordinator.AskedByTokenAsync(verb, data, _ended.Token),
    };

    // The token's connection ends with its right: first the answer must be out of the door.
    async Task AnsweredAsync(string token)
    {
        await _connection.PingAsync(_ended.Token);
        _coordinator.Parts.Devices.Answered(token);
        await _coordinator.Parts.Devices.AnnounceAsync();
    }
}
