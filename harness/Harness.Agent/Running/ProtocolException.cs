namespace Harness.Agent.Running;

/// <summary>A line that the worker protocol does not allow.</summary>
public sealed class ProtocolException(string message, Exception? inner = null) : HarnessException(message, inner);
