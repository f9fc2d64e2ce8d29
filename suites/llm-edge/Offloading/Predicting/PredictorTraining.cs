using Harness.Datasets;
using Suites.LlmEdge.Kernels;

namespace Suites.LlmEdge.Offloading.Predicting;

/// <summary>
/// Trains the predictors: binary cross-entropy of sigmoid(p) against open gates, open ones weighted; Adam. Then the threshold of each
/// layer is set on held-out tokens so that the wanted share of open gates is foreseen.
/// </summary>
/// <param name="Rank">Rows of W1 of an average layer; denser layers get more, in proportion, within a factor of two.</param>
/// <param name="PositiveWeight">Of a gate that is open.</param>
/// <param name="Recall">Share of open gates that the threshold lets pass on held-out tokens.</param>
sealed record PredictorTraining(int Rank = 64, int Epochs = 4, double PositiveWeight = 2, double Rate = 1e-3, double Recall = 0.98)
{
    const int Batch = 32;
    const int RankStep = 8;

    /// <param name="training">By layer.</param>
    /// <param name="validation">By layer; other tokens.</param>
    /// <param name="epochDone">Is told the layer, the epoch and the mean loss.</param>
    public ActivationPredictor Train(IReadOnlyList<LayerSamples> training, IReadOnlyList<LayerSamples> validation, ulong seed,
        Action<int, int, double>? epochDone = null)
    {
        var mean = training.Average(layer => layer.OpenShare);
        return new([.. training.Select((layer, index) =>
        {
            var fit = new PredictorFit(layer, RankOf(layer.OpenShare, mean), new(seed + (ulong)index), (float)PositiveWeight, Rate);
            for (var epoch = 1; epoch <= Epochs; epoch++) epochDone?.Invoke(index, epoch, fit.Epoch(Batch));
            var predictor = fit.Predictor(0);
            return predictor with { Threshold = ThresholdFor(predictor, validation[index]) };
        })]);
    }

    public int RankOf(double share, double mean)
    {
        var wanted = mean <= 0 ? Rank : Rank * Math.Clamp(share / mean, 0.5, 2);
        return Math.Max(RankStep, (int)Math.Round(wanted / RankStep) * RankStep);
    }

    float ThresholdFor(LayerPredictor predictor, LayerSamples samples)
    {
        var (hidden, scores) = (new float[predictor.Rank], new List<float>());
        for (var token = 0; token < samples.Count; token++)
        {
            predictor.Hide(samples.Input(token), hidden);
            var open = samples.Open(token);
            for (var neuron = 0; neuron < open.Length; neuron++) if (open[neuron]) scores.Add(predictor.Score(neuron, hidden));
        }
        return Recalling.Threshold(scores, Recall);
    }
}

/// <summary>One layer's predictor while it is trained.</summary>
sealed class PredictorFit
{
    readonly LayerSamples _samples;
    readonly Chance _chance;
    readonly int _rank;
    readonly float _positive;
    readonly AdamVector _first, _second;
    readonly int[] _order;

    public PredictorFit(LayerSamples samples, int rank, Chance chance, float positive, double rate)
    {
        (_samples, _rank, _chance, _positive) = (samples, rank, chance, positive);
        _first = new(Normal(rank * samples.Width, 1 / Math.Sqrt(samples.Width)), rate);
        _second = new(Normal(samples.Hidden * rank, 1 / Math.Sqrt(rank)), rate);
        _order = [.. Enumerable.Range(0, samples.Count)];
    }

    public LayerPredictor Predictor(float threshold) => new(_rank, _first.Values, _second.Values, threshold);

    /// <summary>Mean loss a neuron and token.</summary>
    public double Epoch(int batch)
    {
        _chance.Shuffle(_order.AsSpan());
        var loss = 0.0;
        for (var first = 0; first < _order.Length; first += batch)
        {
            var tokens = _order.AsSpan(first, Math.Min(batch, _order.Length - first));
            foreach (var token in tokens) loss += Add(_samples.Input(token), _samples.Open(token), 1f / tokens.Length);
            _first.Step();
            _second.Step();
        }
        return loss / ((double)_order.Length * _samples.Hidden);
    }

    double Add(float[] x, bool[] open, float weight)
    {
        Span<float> hidden = stackalloc float[_rank], pulled = stackalloc float[_rank];
        pulled.Clear();
        Predictor(0).Hide(x, hidden);
        var loss = 0.0;
        for (var neuron = 0; neuron < open.Length; neuron++)
        {
            var row = _second.Values.AsSpan(neuron * _rank, _rank);
            var score = Vectors.Dot(row, hidden);
            var chance = 1 / (1 + MathF.Exp(-score));
            loss += open[neuron] ? _positive * SoftPlus(-score) : SoftPlus(score);
            var slope = weight * (open[neuron] ? _positive * (chance - 1) : chance);
            Vectors.AddScaled(pulled, slope, row);
            Vectors.AddScaled(_second.Slopes.AsSpan(neuron * _rank, _rank), slope, hidden);
        }
        for (var unit = 0; unit < _rank; unit++)
            if (hidden[unit] > 0) Vectors.AddScaled(_first.Slopes.AsSpan(unit * x.Length, x.Length), pulled[unit], x);
        return loss;
    }

    static float SoftPlus(float x) => MathF.Max(x, 0) + MathF.Log(1 + MathF.Exp(-MathF.Abs(x)));

    float[] Normal(int count, double scale) => [.. Enumerable.Range(0, count).Select(_ => (float)(scale * _chance.Normal()))];
}
