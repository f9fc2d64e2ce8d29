namespace Harness.OnnxWorker.Format;

/// <summary>One operation of a graph.</summary>
/// <param name="Domain">Empty for the operators of ONNX itself.</param>
/// <param name="Whole">Attributes by name, with the value of a whole number, the first of a list of them, and 0 for all others.</param>
/// <param name="Nests">It holds graphs of its own, as a branch or a loop does.</param>
sealed record OnnxNode(string Name, string Operator, string Domain, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs,
    IReadOnlyDictionary<string, long> Whole, bool Nests)
{
    public bool IsStandard => Domain is "" or "ai.onnx";
    public string Title => Name.Length > 0 ? Name : Outputs.FirstOrDefault(name => name.Length > 0) ?? Operator;
}
