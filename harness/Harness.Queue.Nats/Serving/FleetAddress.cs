using System.Net;
using Harness.Queue.Nats.Keys;
using NATS.Client.Core;

namespace Harness.Queue.Nats.Serving;

/// <summary>Where a coordinator is reached and whom to trust there.</summary>
/// <param name="Authority">Fingerprint of its authority, or <see cref="EnrolmentToken.Plain"/>.</param>
public sealed record FleetAddress(string Url, string Authority)
{
    static readonly TimeSpan ReconnectFirst = TimeSpan.FromMilliseconds(100), ReconnectLast = TimeSpan.FromSeconds(3);

    const string LocalScheme = "unix://";

    /// <summary>The address of a coordinator without a broker.</summary>
    public static FleetAddress Local(FileInfo socket) => new(LocalScheme + socket.FullName, EnrolmentToken.Plain);

    /// <summary>The socket of a coordinator of this machine, without a broker; null where there is a server between.</summary>
    public FileInfo? SocketOrNull() => Url.StartsWith(LocalScheme + "/", StringComparison.Ordinal) ? new(Url[LocalScheme.Length..]) : null;

    /// <exception cref="HarnessException">Not an address of a coordinator, or a plain one that is not this machine.</exception>
    public FleetAddress Checked()
    {
        if (SocketOrNull() is not null) return this;
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var address) || address.Scheme is not ("nats" or "tls") || address.Port <= 0)
            throw new HarnessException($"'{Url}' is no address of a coordinator: write tls://HOST:PORT, or unix:///PATH "
                + "for one on this machine without a broker.");
        if (address.Scheme == "nats" && !IsLoopback(address.Host))
            throw new HarnessException($"'{Url}' would send keys and results in the open: only tls:// leaves this machine.");
        if (address.Scheme == "nats" != (Authority == EnrolmentToken.Plain))
            throw new HarnessException($"'{Url}' does not fit the {(Authority == EnrolmentToken.Plain ? "plain" : "encrypted")} "
                + "coordinator that this key or token was made for; use the address that it printed.");
        return this;
    }

    public static bool IsLoopback(string host) =>
        host is "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <param name="inbox">The only subject under which this connection may hear.</param>
    public NatsOpts Options(DeviceKey key, string inbox) => new()
    {
        Url = Checked().Url, TlsOpts = PinnedAuthority.Options(Authority), InboxPrefix = inbox, Name = inbox,
        AuthOpts = new NatsAuthOpts { NKey = key.Public, Seed = key.Seed }, ConnectTimeout = TimeSpan.FromSeconds(10),
        ReconnectWaitMin = ReconnectFirst, ReconnectWaitMax = ReconnectLast, MaxReconnectRetry = -1,
        SubPendingChannelCapacity = 1 << 16, IgnoreAuthErrorAbort = true,
        RequestReplyMode = NatsRequestReplyMode.Direct,
    };
}
