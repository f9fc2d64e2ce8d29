namespace Harness.Abstractions;

/// <summary>An error a user can act on: what, which value, what is allowed, what to do.</summary>
public class HarnessException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A dataset file is missing everywhere, or is not the pinned one.</summary>
public sealed class DataUnavailableException(string message, Exception? inner = null) : HarnessException(message, inner);

/// <summary>Training diverged or could not start.</summary>
public sealed class TrainingFailedException(string message, Exception? inner = null) : HarnessException(message, inner);

/// <summary>A combination that cannot run here; the run becomes an <see cref="RunState.Unsupported"/> row.</summary>
public sealed class UnsupportedException(string message, Exception? inner = null) : HarnessException(message, inner);
