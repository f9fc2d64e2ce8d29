namespace Harness.Testing.Tests;

public sealed class KnobTests
{
    [Fact]
    public void Knobs_of_every_type_that_matter_pass() => Contract(new Everything()).Varying("dead", "whole").CheckKnobs();

    [Theory]
    [InlineData("whole")]
    [InlineData("large")]
    [InlineData("real")]
    [InlineData("switch")]
    [InlineData("text")]
    [InlineData("word")]
    [InlineData("perhaps")]
    [InlineData("items")]
    [InlineData("inner.size")]
    [InlineData("inner.shape")]
    [InlineData("rule")]
    [InlineData("rule.strength")]
    public void A_dead_knob_of_any_type_is_caught_and_named(string knob)
    {
        var violation = Broken(Contract(new Everything(Dead: knob)).Varying("dead", "none"));
        Assert.Equal(knob, violation.Knob);
        Assert.NotNull(violation.Value);
        Assert.StartsWith($"everything@1 breaks '{violation.Clause}': {knob} = {violation.Value}", violation.Message);
        Assert.Contains("computes the same predictions, footprint, operation counts and training curve", violation.Message);
    }

    [Fact]
    public void The_knobs_of_a_shared_record_are_checked_elsewhere_unless_a_case_names_them()
    {
        Contract(new Everything(Dead: "inner.size")).Varying("dead", "none").Sharing("inner").CheckKnobs();
        Assert.Equal("inner.size", Broken(Contract(new Everything(Dead: "inner.size")).Varying("dead", "none").Sharing("inner")
            .Varying("inner.size", 9)).Knob);
        Assert.Contains("no knobs below 'outer'", Assert.Throws<ArgumentException>(() => Contract(new Everything()).Sharing("outer"))
            .Message);
    }

    [Theory]
    [InlineData("prediction")]
    [InlineData("footprint")]
    [InlineData("counts")]
    [InlineData("curve")]
    public void A_knob_may_show_in_any_part_of_the_computation(string part) => Contract(new Visible(part)).CheckKnobs();

    [Fact]
    public void A_word_that_does_the_same_as_the_default_is_caught_though_another_word_matters()
    {
        var violation = Broken(Contract(new TwoAlike()));
        Assert.Equal(("mode", "\"alias\""), (violation.Knob, violation.Value));
    }

    [Fact]
    public void A_knob_that_matters_only_beside_another_one_needs_a_comparison_of_whole_configurations()
    {
        Assert.Equal("momentum", Broken(Contract(new Conditional())).Knob);
        Contract(new Conditional()).Comparing("momentum", new Conditional(UseMomentum: true), new Conditional(true, 0.5)).CheckKnobs();
    }

    [Fact]
    public void A_comparison_in_which_the_knob_is_dead_is_caught()
    {
        var contract = Contract(new Conditional()).Comparing("momentum", new Conditional(), new Conditional(false, 0.5));
        Assert.Equal(("momentum", "0.5"), Pair(Broken(contract)));
    }

    [Fact]
    public void Every_value_that_the_caller_names_must_matter() =>
        Assert.Equal(("mode", "\"alias\""), Pair(Broken(Contract(new TwoAlike()).Varying("mode", Mode.Other, Mode.Alias))));

    [Fact]
    public void Values_that_the_record_refuses_are_not_tried()
    {
        Contract(new Even()).CheckKnobs();
        Assert.NotEmpty(Even.Tried);
        Assert.All(Even.Tried, width => Assert.Contains(width, (int[])[2, 4, 6, 8]));
    }

    [Fact]
    public void A_knob_without_another_value_asks_the_caller_for_one()
    {
        Assert.Contains("no other value of only was found to compare 3 with; name some with Varying(\"only\", …)",
            Broken(Contract(new Stuck())).Message);
        Assert.Contains("no other value of path was found", Broken(Contract(new Untried())).Message);
        Contract(new Untried()).Varying("path", "longer").CheckKnobs();
    }

    [Fact]
    public void A_value_at_which_the_family_breaks_is_named()
    {
        var violation = Broken(Contract(new Fragile()));
        Assert.Equal(("depth", "3"), Pair(violation));
        Assert.Contains("with depth = 3 it threw InvalidOperationException: Index was outside the bounds.", violation.Message);
    }

    [Fact]
    public void A_value_that_training_refuses_with_a_reason_is_passed_over_unless_the_caller_named_it()
    {
        Contract(new Fragile(Refuses: true)).Varying("refuses", false).CheckKnobs();
        var violation = Broken(Contract(new Fragile(Refuses: true)).Varying("refuses", false).Varying("depth", 3));
        Assert.Contains("with depth = 3 it threw TrainingFailedException: Depth 3 needs more data.", violation.Message);
    }

    [Fact]
    public void A_knob_of_a_type_that_no_plan_can_set_is_caught()
    {
        var violation = Broken(Contract(new Unsettable()));
        Assert.Equal("rate", violation.Knob);
        Assert.Contains("rate has type Single, which no plan can set", violation.Message);
    }

    [Fact]
    public void A_family_without_knobs_passes() => Contract(new NoRecord()).CheckKnobs();

    [Fact]
    public void A_whole_number_may_stand_for_a_real_one_and_a_name_of_the_record_for_one_of_a_plan() =>
        Contract(new Everything()).Varying("dead", "whole").Varying("Real", 1).Varying("Inner.Size", 9).Varying("rule", new Given(1, 2))
            .CheckKnobs();

    [Fact]
    public void A_knob_that_does_not_exist_is_refused_with_those_that_do()
    {
        var error = Assert.Throws<ArgumentException>(() => Contract(new Conditional()).Varying("momentun", 1));
        Assert.Contains("Conditional has no knob 'momentun'; it has useMomentum, momentum.", error.Message);
    }

    [Fact]
    public void A_value_of_the_wrong_type_or_the_present_one_is_refused()
    {
        Refused(new Conditional(), "momentum", "high", "momentum cannot be \"high\"; it is of type Double.");
        Refused(new Conditional(), "momentum", 0.9, "momentum is 0.9 already");
        Refused(new Even(), "width", 3, "3 is not even");

        static void Refused(IModelFamily<Number, ParityPrediction> family, string knob, object value, string message) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => Contract(family).Varying(knob, value)).Message);
    }

    [Fact]
    public void A_comparison_of_configurations_that_differ_elsewhere_is_refused()
    {
        var contract = Contract(new Conditional());
        var error = Assert.Throws<ArgumentException>(() => contract.Comparing("momentum", new Conditional(), new Conditional(true, 0.5)));
        Assert.Contains("differ in useMomentum besides momentum", error.Message);
        error = Assert.Throws<ArgumentException>(() => contract.Comparing("momentum", new Conditional(), new Conditional()));
        Assert.Contains("momentum is 0.9 in both configurations", error.Message);
    }

    static (string?, string?) Pair(ContractViolationException violation) => (violation.Knob, violation.Value);

    static ContractViolationException Broken(FamilyContract<Number, ParityPrediction> contract) =>
        Assert.Throws<ContractViolationException>(contract.CheckKnobs);

    static FamilyContract<Number, ParityPrediction> Contract(IModelFamily<Number, ParityPrediction> family) =>
        FamilyContract.Of(family, new TrainingData<Number>(Numbers.Range(0, 4), Numbers.Range(4, 2)), Numbers.Range(6, 4));
}
