namespace Harness.Queue;

/// <summary>The store or the connection does not answer now; the same request may be repeated later without harm.</summary>
public sealed class QueueUnavailableException(string message, Exception? inner = null) : HarnessException(message, inner);
