using Harness.Datasets.Text;
using Harness.Torch;
using Suites.LlmEdge.Tokens;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.LlmEdge.Neural.Learning;

/// <summary>
/// Texts as bytes, cut into windows as the engine scores them: before each stands the token that begins texts, and every byte is to be
/// foreseen.
/// </summary>
sealed class ByteText
{
    readonly byte[][] _texts;
    readonly int _context, _windows;

    /// <param name="context">Bytes of a window.</param>
    /// <exception cref="TrainingFailedException">No text has so many bytes.</exception>
    public ByteText(IEnumerable<TextSample> texts, int context)
    {
        _context = context;
        _texts = [.. texts.Select(text => text.Utf8.ToArray()).Where(bytes => bytes.Length >= context)];
        _windows = _texts.Sum(bytes => bytes.Length - context + 1);
        if (_texts.Length == 0)
            throw new TrainingFailedException($"No text has the {context} bytes of a window; choose a smaller context.");
    }

    /// <summary>Windows at random places: tokens [count, context] and what follows each, [count · context].</summary>
    public (Tensor Tokens, Tensor Next) Draw(int count, SampleOrder chance) => Windows([.. Enumerable.Range(0, count).Select(_ =>
        chance.Below(_windows))]);

    /// <summary>At most <paramref name="most"/> windows, evenly spread.</summary>
    public (Tensor Tokens, Tensor Next) Spread(int most)
    {
        var count = Math.Min(most, Math.Max(1, _windows / _context));
        return Windows([.. Enumerable.Range(0, count).Select(index => (int)((long)index * (_windows - 1) / Math.Max(1, count - 1)))]);
    }

    (Tensor Tokens, Tensor Next) Windows(int[] places)
    {
        long[] tokens = new long[places.Length * _context], next = new long[tokens.Length];
        for (var window = 0; window < places.Length; window++)
        {
            var bytes = At(places[window]);
            for (var i = 0; i < _context; i++)
            {
                tokens[window * _context + i] = i == 0 ? ByteTokens.Begin : bytes[i - 1];
                next[window * _context + i] = bytes[i];
            }
        }
        return (tensor(tokens, [places.Length, _context]), tensor(next));
    }

    ReadOnlySpan<byte> At(int place)
    {
        var text = 0;
        for (; place > _texts[text].Length - _context; text++) place -= _texts[text].Length - _context + 1;
        return _texts[text].AsSpan(place, _context);
    }
}
