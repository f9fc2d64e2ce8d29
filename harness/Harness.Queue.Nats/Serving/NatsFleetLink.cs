using Harness.Queue.Nats.Keys;
using Harness.Queue.Protocol;
using NATS.Client.Core;

namespace Harness.Queue.Nats.Serving;

/// <summary>A link over a server: requests under the subject of one user, answers into an inbox that only it may hear.</summary>
public sealed class NatsFleetLink : IFleetLink
{
    /// <summary>Requests that wait for a job or for news may be held open so long.</summary>
    static readonly TimeSpan Held = TimeSpan.FromSeconds(30);

    const int Refusals = 5;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    readonly NatsConnection _connection;
    readonly string _prefix;

    NatsFleetLink(NatsConnection connection, string prefix) => (_connection, _prefix) = (connection, prefix);

    /// <summary>How long an answer may take, beyond what the request itself asks to be held open.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(20);

    public static NatsFleetLink ForDevice(FleetAddress address, DeviceKey key, string device) =>
        new(new(address.Options(key, ServerUsers.InboxOf(device))), $"fleet.{device}");

    public static NatsFleetLink ForOperator(FleetAddress address, DeviceKey key) =>
        new(new(address.Options(key, ServerUsers.OperatorInbox)), "control");

    /// <summary>Its one verb is the name of the token.</summary>
    public static NatsFleetLink ForToken(FleetAddress address, EnrolmentToken token) =>
        new(new(address.Options(token.Key, ServerUsers.EnrolInboxOf(token.Hash))), "enrol");

    public async ValueTask<ReadOnlyMemory<byte>> AskAsync(string verb, ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        var patience = Patience + (verb is "lease" or "watch" ? Held : TimeSpan.Zero);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            await ConnectAsync(limit.Token);
            var answer = await _connection.RequestAsync<ReadOnlyMemory<byte>, byte[]>($"{_prefix}.{verb}", request,
                replyOpts: new NatsSubOpts { Timeout = patience },
                cancellationToken: limit.Token);
            return answer.Data ?? throw new LinkDownException("The coordinator sent an empty answer.");
        }
        catch (NatsNoRespondersException nobody)
        {
            throw new LinkDownException("The server is there, but no coordinator listens.", nobody);
        }
        catch (NatsPayloadTooLargeException large)
        {
            throw new RefusedException(Refusal.Oversized, large.Message);
        }
        catch (NatsException failure)
        {
            throw new LinkDownException(Told(failure), failure);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new LinkDownException($"No answer to '{verb}' within {Patience.TotalSeconds:0} s.", late);
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException or System.Net.Sockets.SocketException)
        {
            throw new LinkDownException($"The connection broke: {broken.Message}", broken);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <summary>
    /// While a server takes over a changed list of users it knows nobody for a moment: a refusal counts when it is repeated.
    /// </summary>
    async Task ConnectAsync(CancellationToken cancellation)
    {
        for (var attempt = 1; _connection.ConnectionState == NatsConnectionState.Closed; attempt++)
        {
            try { await _connection.ConnectAsync().AsTask().WaitAsync(cancellation); }
            catch (NatsException refused) when (attempt < Refusals && Told(refused).Contains("Authorization", StringComparison.Ordinal))
            {
                await Task.Delay(Pause, TimeProvider.System, cancellation);
            }
        }
    }

    // What refuses a user or a certificate is buried in the exceptions of the connection.
    static string Told(Exception failure)
    {
        var words = new List<string>();
        for (Exception? each = failure; each is not null; each = each.InnerException) words.Add(each.Message);
        return $"The coordinator cannot be reached: {string.Join(" ", words.Distinct())}";
    }
}
