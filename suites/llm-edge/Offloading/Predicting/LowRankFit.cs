using Harness.Datasets;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Offloading.Planning;

namespace Suites.LlmEdge.Offloading.Predicting;

/// <summary>What a low-rank copy of a layer's gates foresaw of tokens that set no threshold.</summary>
/// <param name="Open">Share of neurons whose gate is open.</param>
/// <param name="Asked">Share of neurons asked for.</param>
/// <param name="Recall">Share of the open ones that were asked for.</param>
public sealed record Foresight(double Open, double Asked, double Recall);

/// <summary>A fitted layer.</summary>
/// <param name="Order">Neurons, those asked for most often first.</param>
sealed record FittedLayer(LowRankLayer Layer, int[] Order, Foresight Foresight);

/// <summary>
/// Finds p = U (V x) near to the gates G x of inputs like those given: a randomised range finder with two power iterations (Halko,
/// Martinsson and Tropp 2011) on G diag(s), s the root mean square of each input, as activation-aware decompositions weigh errors (Yuan et
/// al. 2023, ASVD). The threshold lets the wanted share of open gates of the first half of the inputs pass; the second half says what came
/// of it.
/// </summary>
sealed class LowRankFit
{
    const int Iterations = 2;
    const float LeastScale = 1e-6f;

    readonly Matrix _gates;
    readonly IReadOnlyList<float[]> _inputs;
    readonly int _rank;
    readonly float[] _scale;

    /// <param name="gates">G [hidden, width].</param>
    /// <param name="inputs">Of the layer, token by token, at least two.</param>
    LowRankFit(Matrix gates, IReadOnlyList<float[]> inputs, int rank)
    {
        (_gates, _inputs, _rank) = (gates, inputs, Math.Min(rank, Math.Min(gates.Rows, gates.Width)));
        _scale = new float[gates.Width];
        foreach (var input in inputs)
            for (var i = 0; i < input.Length; i++) _scale[i] += input[i] * input[i];
        for (var i = 0; i < _scale.Length; i++) _scale[i] = MathF.Sqrt(_scale[i] / inputs.Count) + LeastScale;
    }

    /// <param name="recall">Share of open gates that the threshold lets pass.</param>
    public static FittedLayer Of(Matrix gates, IReadOnlyList<float[]> inputs, int rank, double recall, Chance chance)
    {
        var fit = new LowRankFit(gates, inputs, rank);
        return fit.Judged(fit.Factored(chance), recall);
    }

    LowRankLayer Factored(Chance chance)
    {
        var narrow = new float[_rank * _gates.Width];
        foreach (ref var value in narrow.AsSpan()) value = (float)chance.Normal();
        var tall = Images(narrow);
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            Orthonormal(tall);
            narrow = Sums(tall);
            tall = Images(narrow);
        }
        Orthonormal(tall);
        narrow = Sums(tall);
        for (var row = 0; row < _rank; row++)
            for (var i = 0; i < _gates.Width; i++) narrow[row * _gates.Width + i] /= _scale[i];
        return new(_rank, narrow, tall, 0);
    }

    // [rank, hidden]: G diag(s) applied to each row of the narrow matrix [rank, width].
    float[] Images(float[] narrow)
    {
        var images = new float[_rank * _gates.Rows];
        Rows((neuron, row) =>
        {
            for (var k = 0; k < _rank; k++) images[k * _gates.Rows + neuron] = Vectors.Dot(narrow.AsSpan(k * row.Length, row.Length), row);
        }, scaled: true);
        return images;
    }

    // [rank, width]: each row of the tall matrix [rank, hidden] times G diag(s).
    float[] Sums(float[] tall)
    {
        var sums = new float[_rank * _gates.Width];
        Rows((neuron, row) =>
        {
            for (var k = 0; k < _rank; k++)
                Vectors.AddScaled(sums.AsSpan(k * row.Length, row.Length), tall[k * _gates.Rows + neuron], row);
        }, scaled: true);
        return sums;
    }

    void Rows(Action<int, float[]> use, bool scaled)
    {
        var row = new float[_gates.Width];
        for (var neuron = 0; neuron < _gates.Rows; neuron++)
        {
            _gates.Unpack(neuron, row);
            if (scaled) for (var i = 0; i < row.Length; i++) row[i] *= _scale[i];
            use(neuron, row);
        }
    }

    // Gram-Schmidt, twice, which keeps vectors orthogonal that were nearly parallel; one that vanishes stays zero.
    void Orthonormal(float[] tall)
    {
        var length = _gates.Rows;
        for (var k = 0; k < _rank; k++)
        {
            var vector = tall.AsSpan(k * length, length);
            var before = MathF.Sqrt(Vectors.Dot(vector, vector));
            for (var pass = 0; pass < 2; pass++)
                for (var earlier = 0; earlier < k; earlier++)
                {
                    var other = tall.AsSpan(earlier * length, length);
                    Vectors.AddScaled(vector, -Vectors.Dot(vector, other), other);
                }
            var left = MathF.Sqrt(Vectors.Dot(vector, vector));
            if (left > LeastScale * before)
                for (var i = 0; i < length; i++) vector[i] /= left;
            else vector.Clear();
        }
    }

    FittedLayer Judged(LowRankLayer layer, double recall)
    {
        var (hidden, half) = (_gates.Rows, _inputs.Count / 2);
        var (scores, open) = (new float[_inputs.Count * hidden], new bool[_inputs.Count * hidden]);
        for (var token = 0; token < _inputs.Count; token++) layer.Score(_inputs[token], scores.AsSpan(token * hidden, hidden));
        Rows((neuron, row) =>
        {
            for (var token = 0; token < _inputs.Count; token++)
                open[token * hidden + neuron] = Vectors.Dot(row, _inputs[token]) > 0;
        }, scaled: false);
        var set = half * hidden;
        var threshold = Recalling.Threshold([.. Enumerable.Range(0, set).Where(i => open[i]).Select(i => scores[i])], recall);
        var asked = new int[hidden];
        for (var i = 0; i < set; i++) if (scores[i] >= threshold) asked[i % hidden]++;
        return new(layer with { Threshold = threshold }, ActivationProfile.Order(asked),
            Seen(scores.AsSpan(set), open.AsSpan(set), threshold));
    }

    static Foresight Seen(ReadOnlySpan<float> scores, ReadOnlySpan<bool> open, float threshold)
    {
        var (opened, asked, foreseen) = (0, 0, 0);
        for (var i = 0; i < open.Length; i++)
        {
            if (open[i]) opened++;
            if (scores[i] < threshold) continue;
            asked++;
            if (open[i]) foreseen++;
        }
        return new((double)opened / open.Length, (double)asked / open.Length, opened == 0 ? 1 : (double)foreseen / opened);
    }
}
