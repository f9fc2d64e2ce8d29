using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Tests.Decoding;

/// <summary>The published model against what llama2.c documents of it.</summary>
public sealed class StoriesTests
{
    // llama2.c, doc/stories260K.md: temperature 0, 256 steps from the first token.
    const string Published = "Once upon a time, there was a little girl named Lily. She loved to play outside in the park. One day, "
        + "she saw a big, red ball. She wanted to play with it, but it was too high.\n"
        + "Lily's mom said, \"Lily, let's go to the park.\" Lily was sad and didn't know what to do. She said, \"I want to play with "
        + "your ball, but I can't find it.\"\n"
        + "Lily was sad and didn't know what to do. She said, \"I'm sorry, Lily. I didn't know what to do.\"\n"
        + "Lily didn't want to help her mom, so she said, \"I'm sorry, mom. I didn't know what to do.\" Her mom said, \"Don't worry, "
        + "Lily. We can help you.";

    [Fact]
    public void Greedy_text_is_the_published_one()
    {
        using var model = TestData.StoriesOrSkip();
        using var decoder = new Decoder(model, new());
        var tokens = decoder.Generate(model, [model.Tokenizer.Begin!.Value], new(Sampling.Greedy, model.Shape.Vocabulary, 1), 256);
        Assert.Equal(Published, model.Tokenizer.Decode(tokens).TrimStart());
    }

    [Fact]
    public void Loss_on_five_stories_is_near_the_published_validation_loss()
    {
        using var model = TestData.StoriesOrSkip();
        using var decoder = new Decoder(model, new());
        var score = TestData.FiveStoriesOrSkip().Select(story => decoder.Score(model.Tokenizer.EncodeWhole(story)))
            .Aggregate((sum, one) => sum + one);
        TestContext.Current.TestOutputHelper?.WriteLine($"{score} {score.Loss}");
        Assert.InRange(score.Loss, 1.25, 1.29);
    }
}
