using System.Globalization;
using System.Text.Json;
using Harness.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Learning;

/// <summary>
/// Where training stands between two epochs: everything that decides what comes next. In a file it is the network, the best network so
/// far, the moments of the optimizer and the random streams as tensors, and the rest as text.
/// </summary>
sealed class TrainingState : IDisposable
{
    readonly nn.Module<Tensor, Tensor> network;
    readonly AdamW optimizer;
    readonly SampleOrder chance;
    readonly Recipe recipe;
    readonly string identity;
    readonly List<TrainingPoint> curve = [];
    Dictionary<string, Tensor>? best;
    double bestScore = -1;
    int waited;
    double longest;
    bool continued;

    TrainingState(nn.Module<Tensor, Tensor> network, AdamW optimizer, SampleOrder chance, Recipe recipe, string identity) =>
        (this.network, this.optimizer, this.chance, this.recipe, this.identity) = (network, optimizer, chance, recipe, identity);

    public IReadOnlyList<TrainingPoint> Curve => curve;

    /// <summary>Epochs that were finished.</summary>
    public int Epoch => curve.Count == 0 ? 0 : curve[^1].Epoch;

    public bool Ended { get; private set; }

    /// <summary>Training time before the interruption.</summary>
    public double EarlierSeconds { get; private set; }

    /// <summary>The beginning, or what the checkpoint of the context holds.</summary>
    /// <exception cref="HarnessException">The checkpoint is of other training; the message says in what.</exception>
    public static TrainingState Begin(nn.Module<Tensor, Tensor> network, AdamW optimizer, SampleOrder chance, Recipe recipe,
        RunContext context)
    {
        var state = new TrainingState(network, optimizer, chance, recipe, JsonSerializer.Serialize(
            new { recipe, context.Seed, context.Threads, network = network.GetName() }, CanonicalJson.Options));
        if (context.Checkpoint is { } file && File.Exists(file.FullName)) state.Load(file);
        return state;
    }

    /// <summary>Takes note of what the longest epoch cost.</summary>
    public void Took(double seconds) => longest = Math.Max(longest, seconds);

    /// <summary>Closes an epoch, keeps the network if it is the best so far, and decides whether training goes on.</summary>
    public TrainingPoint Add(double loss, double? score, double seconds)
    {
        var note = continued ? $"continued after epoch {Epoch} from a checkpoint" : null;
        continued = false;
        var point = new TrainingPoint(Epoch + 1, loss, score, seconds);
        waited = score > bestScore ? 0 : waited + 1;
        if (score >= bestScore)
        {
            bestScore = score.Value;
            Forget();
            best = Copy(network);
        }
        var stop = point.Epoch >= recipe.Epochs ? null : Reason(point, seconds);
        Ended = point.Epoch >= recipe.Epochs || stop is not null;
        var notes = string.Join("; ", new[] { note, stop }.OfType<string>());
        curve.Add(point = point with { Note = notes.Length > 0 ? notes : null });
        return point;
    }

    string? Reason(TrainingPoint point, double seconds)
    {
        if (recipe.Patience is { } patience && waited >= patience)
            return $"ended after epoch {point.Epoch} of {recipe.Epochs}: no better validation score for {waited} epochs";
        return recipe.Minutes * 60 < seconds + longest ? string.Create(CultureInfo.InvariantCulture,
            $"ended after epoch {point.Epoch} of {recipe.Epochs}: the next one would exceed the budget of {recipe.Minutes} minutes") : null;
    }

    public void RestoreBest()
    {
        if (best is null) return;
        using var mode = no_grad();
        foreach (var (name, tensor) in network.state_dict()) tensor.copy_(best[name]);
    }

    public void Save(FileInfo file)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        foreach (var (name, tensor) in network.state_dict()) tensors[$"network.{name}"] = tensor;
        foreach (var (name, tensor) in best ?? []) tensors[$"best.{name}"] = tensor;
        foreach (var (index, moments) in Moments().Index())
        {
            tensors[$"mean.{index}"] = moments.exp_avg;
            tensors[$"square.{index}"] = moments.exp_avg_sq;
        }
        tensors["random"] = random.get_rng_state();
        Safetensors.Write(file, tensors, new Dictionary<string, string>
        {
            ["identity"] = identity,
            ["curve"] = JsonSerializer.Serialize(curve, CanonicalJson.Options),
            ["order"] = chance.State.ToString(CultureInfo.InvariantCulture),
            ["steps"] = string.Join(' ', Moments().Select(moments => moments.step)),
            ["best"] = bestScore.ToString("R", CultureInfo.InvariantCulture),
            ["waited"] = waited.ToString(CultureInfo.InvariantCulture),
            ["longest"] = longest.ToString("R", CultureInfo.InvariantCulture),
            ["ended"] = Ended ? "yes" : "no",
        });
    }

    void Load(FileInfo file)
    {
        using var stored = Safetensors.Read(file);
        var (tensors, texts) = (stored.Tensors, stored.Texts);
        if (texts.GetValueOrDefault("identity") is var other && other != identity)
            throw new HarnessException($"The checkpoint {file.FullName} is of other training: it holds {other}, wanted is {identity}; "
                + "delete it to begin anew.");
        using var mode = no_grad();
        foreach (var (name, tensor) in network.state_dict()) tensor.copy_(Stored($"network.{name}"));
        if (tensors.Keys.Any(name => name.StartsWith("best.", StringComparison.Ordinal)))
            best = network.state_dict().Keys.ToDictionary(name => name, name => Stored($"best.{name}").clone().DetachFromDisposeScope());
        var steps = texts["steps"].Split(' ').Select(step => long.Parse(step, CultureInfo.InvariantCulture)).ToArray();
        foreach (var (index, moments) in Moments().Index())
        {
            moments.exp_avg.copy_(Stored($"mean.{index}"));
            moments.exp_avg_sq.copy_(Stored($"square.{index}"));
            moments.step = steps[index];
        }
        random.set_rng_state(Stored("random"));
        curve.AddRange(JsonSerializer.Deserialize<List<TrainingPoint>>(texts["curve"], CanonicalJson.Options)!);
        chance.State = ulong.Parse(texts["order"], CultureInfo.InvariantCulture);
        bestScore = double.Parse(texts["best"], CultureInfo.InvariantCulture);
        waited = int.Parse(texts["waited"], CultureInfo.InvariantCulture);
        longest = double.Parse(texts["longest"], CultureInfo.InvariantCulture);
        (EarlierSeconds, Ended, continued) = (curve[^1].Seconds, texts["ended"] == "yes", true);

        Tensor Stored(string name) => tensors.GetValueOrDefault(name)
            ?? throw new HarnessException($"The checkpoint {file.FullName} has no tensor {name}; delete it to begin anew.");
    }

    IEnumerable<AdamW.State> Moments() => optimizer.state_dict().State.Cast<AdamW.State>();

    static Dictionary<string, Tensor> Copy(nn.Module<Tensor, Tensor> network)
    {
        using var mode = no_grad();
        return network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone().DetachFromDisposeScope());
    }

    void Forget()
    {
        foreach (var (_, tensor) in best ?? []) tensor.Dispose();
    }

    public void Dispose() => Forget();
}
