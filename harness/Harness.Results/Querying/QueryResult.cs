namespace Harness.Results;

/// <summary>The answer to a query: named columns and rows of text, numbers, truths, times, lists and null.</summary>
public sealed record QueryResult(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows);

/// <summary>A query that cannot be answered: the engine's own words, which name the place.</summary>
public sealed class QueryException(string message, Exception? inner = null) : HarnessException(message, inner);
