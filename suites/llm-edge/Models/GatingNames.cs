namespace Suites.LlmEdge.Models;

/// <summary>
/// Ways to gate as GGUF's key <c>{architecture}.hidden_activation</c> names them; a file without it means SwiGLU. llama.cpp knows the
/// key of other architectures and ignores it in <c>llama</c>: there it computes SwiGLU, whatever the file says.
/// </summary>
static class GatingNames
{
    public const string Key = "hidden_activation";

    static readonly Dictionary<string, Gating> Known = new()
    {
        ["silu"] = Gating.Swiglu, ["relu"] = Gating.Reglu, ["drelu"] = Gating.Drelu,
    };

    public static Gating? OfOrNull(string name) => Known.TryGetValue(name, out var gating) ? gating : null;

    public static string Of(Gating gating) => Known.Single(entry => entry.Value == gating).Key;

    public static string Listed => string.Join(", ", Known.Keys);
}
