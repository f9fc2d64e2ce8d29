namespace Harness.Queue.Protocol;

/// <summary>How a device or an operator asks the coordinator. Whoever holds the link is known to the other side.</summary>
public interface IFleetLink : IAsyncDisposable
{
    /// <summary>Sends a request and waits for its answer.</summary>
    /// <param name="verb">A word of the protocol, e.g. <c>lease</c>.</param>
    /// <exception cref="LinkDownException">No answer came: it is unknown whether the request arrived. It may be repeated.</exception>
    /// <exception cref="RefusedException">The coordinator refused it.</exception>
    ValueTask<ReadOnlyMemory<byte>> AskAsync(string verb, ReadOnlyMemory<byte> request, CancellationToken cancellation);
}

/// <summary>The coordinator cannot be reached now.</summary>
public sealed class LinkDownException(string message, Exception? inner = null) : HarnessException(message, inner);

/// <summary>The secret of a device, which never leaves it, and what others know it by.</summary>
public interface IDeviceKey
{
    string Public { get; }
    /// <summary>Signature in base 64.</summary>
    string Sign(ReadOnlySpan<byte> content);
}

/// <summary>Checks a signature by the public key of a device; false also where either is malformed.</summary>
public delegate bool SignatureCheck(string publicKey, ReadOnlySpan<byte> content, string signature);
