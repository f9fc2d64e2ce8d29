namespace Harness.Core.Planning;

/// <summary>Where a node stands in its file; line and column count from 1.</summary>
public sealed record PlanLocation(string File, int Line, int Column);

/// <summary>A plan as text gives it: the tree a YAML or JSON adapter hands over, with the place of every node.</summary>
public abstract record PlanNode(PlanLocation At);

/// <param name="Quoted">True when the text was quoted, and so is never a number, a truth value or null.</param>
public sealed record PlanScalar(string Text, bool Quoted, PlanLocation At) : PlanNode(At);

public sealed record PlanList(IReadOnlyList<PlanNode> Items, PlanLocation At) : PlanNode(At);

/// <summary>Entries in file order; a key may occur twice here, and the reader refuses it.</summary>
public sealed record PlanMap(IReadOnlyList<PlanEntry> Entries, PlanLocation At) : PlanNode(At);

public sealed record PlanEntry(PlanScalar Key, PlanNode Value);
